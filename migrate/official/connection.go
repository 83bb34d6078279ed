package official

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/mas/mascli"
	"github.com/maskit-dev/maskit/migrate"
)

// applicationName is how sessions of mas-cli that this package starts are called.
const applicationName = "maskit-syn2mas"

// handOver is what mas-cli is given: MAS's configuration with the address of the target,
// and Synapse's with the address of its database. mas-cli reads neither sslmode nor
// certificates from Synapse's configuration, so that the address is always given by URI.
func handOver(job *migrate.Job, target *pgx.ConnConfig) (*mas.Config, mascli.Synapse, error) {
	config, err := withDatabase(job.Config, target)
	if err != nil {
		return nil, mascli.Synapse{}, fmt.Errorf("hand over the address of MAS's database: %w", err)
	}
	certificates, err := certificatesOf(job.Synapse)
	if err != nil {
		return nil, mascli.Synapse{}, fmt.Errorf("hand over the address of Synapse's database: %w", err)
	}
	source := mascli.Synapse{
		Config: maskit.NewSecret(string(job.Legacy.File.Data)), DatabasePassword: maskit.NewSecret(job.Synapse.Password),
		Files: map[string]maskit.Secret{}, IgnoreMissingProviders: job.Policy.UnmappedLinks == migrate.Skip,
	}
	query := parameters(job.Synapse)
	for _, file := range []struct {
		parameter, name string
		content         maskit.Secret
	}{
		{"sslrootcert", "synapse-ca.pem", certificates.authority},
		{"sslcert", "synapse-client.pem", certificates.client},
		{"sslkey", "synapse-client.key", certificates.key},
	} {
		if !file.content.IsZero() {
			query.Set(file.parameter, file.name)
			source.Files[file.name] = file.content
		}
	}
	source.DatabaseURI = uri(query)
	return config, source, nil
}

// withDatabase returns a copy of the configuration with another address. It says all
// that the environment could say otherwise, so that what mas-cli is told of Synapse's
// database does not apply to MAS's.
func withDatabase(config *mas.Config, target *pgx.ConnConfig) (*mas.Config, error) {
	certificates, err := certificatesOf(target)
	if err != nil {
		return nil, err
	}
	config = config.Clone()
	if config.Database == nil {
		config.Database = &mas.Database{}
	}
	old := config.Database
	query := parameters(target)
	query.Set("password", target.Password)
	db := mas.Database{
		URI: maskit.NewSecret(uri(query)), SSLCA: authorityOf(old),
		MaxConnections: old.MaxConnections, MinConnections: old.MinConnections,
		ConnectTimeout: old.ConnectTimeout, IdleTimeout: old.IdleTimeout, MaxLifetime: old.MaxLifetime,
	}
	if !certificates.authority.IsZero() {
		db.SSLCA = mas.TextValue{Inline: certificates.authority.Reveal()}
	}
	if !certificates.key.IsZero() {
		db.SSLCertificate = mas.TextValue{Inline: certificates.client.Reveal()}
		db.SSLKey = mas.SecretValue{Inline: certificates.key}
	}
	config.Database = &db
	return config, nil
}

// authorityOf is the authority that the section names by itself or in its URI.
func authorityOf(db *mas.Database) mas.TextValue {
	if path := rootCertificate(db.URI.Reveal()); db.SSLCA == (mas.TextValue{}) && path != "" {
		return mas.TextValue{File: path}
	}
	return db.SSLCA
}

// uri writes everything as parameters: only they can hold any text.
func uri(query url.Values) string { return "postgresql:///?" + query.Encode() }

// parameters are those of the driver of mas-cli (sqlx 0.8), but for the password.
func parameters(config *pgx.ConnConfig) url.Values {
	query := url.Values{}
	query.Set("host", config.Host)
	query.Set("port", strconv.Itoa(int(config.Port)))
	query.Set("user", config.User)
	if config.Database != "" {
		query.Set("dbname", config.Database)
	}
	query.Set("sslmode", sslMode(config))
	query.Set("application_name", applicationName)
	for name, value := range config.RuntimeParams {
		switch name {
		case "application_name":
		case "options":
			query.Add("options", value)
		default: // sqlx puts the value between others as it is
			query.Add("options["+name+"]", strings.NewReplacer(`\`, `\\`, ` `, `\ `).Replace(value))
		}
	}
	return query
}

// sslMode is the mode of libpq that leads to these attempts.
func sslMode(config *pgx.ConnConfig) string {
	plain := config.TLSConfig == nil
	encrypted := !plain
	for _, fallback := range config.Fallbacks {
		if fallback.Host == config.Host && fallback.Port == config.Port {
			plain, encrypted = plain || fallback.TLSConfig == nil, encrypted || fallback.TLSConfig != nil
		}
	}
	switch {
	case !encrypted:
		return "disable"
	case plain:
		return "prefer"
	case !config.TLSConfig.InsecureSkipVerify:
		return "verify-full"
	case config.TLSConfig.VerifyPeerCertificate != nil || config.TLSConfig.VerifyConnection != nil:
		return "verify-ca"
	}
	return "require"
}

// sameDatabase compares addresses, not what they lead to.
func sameDatabase(a, b *pgx.ConnConfig) bool {
	return a.Host == b.Host && a.Port == b.Port && a.Database == b.Database
}
