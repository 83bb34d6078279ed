package official

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/localtls"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/synapse"
)

func parse(t *testing.T, dsn string) *pgx.ConnConfig {
	t.Helper()
	config, err := pgx.ParseConfig(dsn)
	require.NoError(t, err)
	return config
}

func query(t *testing.T, uri string) url.Values {
	t.Helper()
	u, err := url.Parse(uri)
	require.NoError(t, err)
	require.Equal(t, "postgresql:///", u.Scheme+"://"+u.Host+u.Path)
	return u.Query()
}

func TestModesOfTLS(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]string{
		"disable": "disable", "allow": "prefer", "prefer": "prefer", "require": "require", "verify-ca": "verify-ca", "verify-full": "verify-full",
	} {
		require.Equal(t, want, sslMode(parse(t, "host=db.example.com user=u sslmode="+mode)), mode)
	}
	require.Equal(t, "disable", sslMode(parse(t, "host=/run/postgresql user=u")))
}

func TestAddressesAreHandedOver(t *testing.T) {
	t.Parallel()
	job := &migrate.Job{
		Config:  &mas.Config{Database: &mas.Database{Host: "elsewhere", Password: mas.SecretValue{Inline: maskit.NewSecret("old")}, MaxConnections: mas.Set[uint32](7)}},
		Legacy:  synapse.Legacy{File: synapse.File{Data: []byte("server_name: example.com\n")}},
		Synapse: parse(t, `host='/run/post gresql' port=5433 user='syn&apse' password='s p' dbname=synapse search_path=a\ b options='-c jit=off' application_name=maskit`),
		Policy:  migrate.Policy{UnmappedLinks: migrate.Skip},
	}
	config, source, err := handOver(job, parse(t, "postgresql://mas:p%40ss@db.example.com/mas?sslmode=require"))
	require.NoError(t, err)
	require.Equal(t, url.Values{
		"host": {"/run/post gresql"}, "port": {"5433"}, "user": {"syn&apse"}, "dbname": {"synapse"}, "sslmode": {"disable"},
		"application_name": {"maskit-syn2mas"}, "options": {"-c jit=off"}, "options[search_path]": {`a\ b`},
	}, query(t, source.DatabaseURI))
	require.True(t, source.DatabasePassword.Equal(maskit.NewSecret("s p")))
	require.True(t, source.IgnoreMissingProviders)
	require.Equal(t, url.Values{
		"host": {"db.example.com"}, "port": {"5432"}, "user": {"mas"}, "password": {"p@ss"}, "dbname": {"mas"}, "sslmode": {"require"}, "application_name": {"maskit-syn2mas"},
	}, query(t, config.Database.URI.Reveal()))
	require.Empty(t, config.Database.Host)
	require.Equal(t, mas.Set[uint32](7), config.Database.MaxConnections)
	require.Equal(t, "elsewhere", job.Config.Database.Host, "the job is not changed")
}

func TestMASWithoutAPasswordDoesNotGetThatOfSynapse(t *testing.T) {
	t.Parallel()
	config, err := withDatabase(&mas.Config{}, parse(t, "host=db.example.com user=mas dbname=mas"))
	require.NoError(t, err)
	require.Equal(t, []string{""}, query(t, config.Database.URI.Reveal())["password"])
}

func TestCertificatesAreHandedOver(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	tls, err := localtls.New(time.Now())
	require.NoError(t, err)
	certificate, key, err := tls.ServerPEM()
	require.NoError(t, err)
	for name, data := range map[string][]byte{"ca's.pem": tls.RootPEM(), "own.pem": certificate, "own.key": key} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
	for _, dsn := range []string{
		"postgresql://u@db.example.com/d?sslmode=verify-full&sslrootcert=" + url.QueryEscape(dir+"/ca's.pem") + "&sslcert=" + dir + "/own.pem&sslkey=" + dir + "/own.key",
		`host=db.example.com user=u sslmode='verify-full' sslrootcert='` + dir + `/ca\'s.pem' sslcert=` + dir + `/own.pem sslkey = ` + dir + `/own.key`,
	} {
		job := &migrate.Job{Config: &mas.Config{}, Synapse: parse(t, dsn), Legacy: synapse.Legacy{File: synapse.File{Data: []byte("{}")}}}
		config, source, err := handOver(job, parse(t, dsn))
		require.NoError(t, err)
		require.Equal(t, "synapse-ca.pem", query(t, source.DatabaseURI).Get("sslrootcert"))
		require.Contains(t, source.Files["synapse-ca.pem"].Reveal(), "BEGIN CERTIFICATE")
		require.Equal(t, string(tls.RootPEM()), config.Database.SSLCA.Inline)
		require.Equal(t, []string{"synapse-client.pem", "synapse-client.key"}, []string{query(t, source.DatabaseURI).Get("sslcert"), query(t, source.DatabaseURI).Get("sslkey")})
		require.Equal(t, string(certificate), source.Files["synapse-client.pem"].Reveal())
		require.Contains(t, source.Files["synapse-client.key"].Reveal(), "BEGIN PRIVATE KEY")
		require.Equal(t, string(certificate), config.Database.SSLCertificate.Inline)
		require.True(t, source.Files["synapse-client.key"].Equal(config.Database.SSLKey.Inline))
	}
	job := &migrate.Job{Config: &mas.Config{Database: &mas.Database{URI: maskit.NewSecret("postgresql://db/?ssl-ca=/etc/ca.pem")}}}
	config, err := withDatabase(job.Config, parse(t, "host=db.example.com user=u"))
	require.NoError(t, err)
	require.Equal(t, mas.TextValue{File: "/etc/ca.pem"}, config.Database.SSLCA)
}

func TestVersionsHaveSchemas(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]int{"1.22": 167, "1.22.3": 167, "1.20.1": 164, "1.21.0": 164, "0.20.0": 120, "1.0.0": 120, "1.23.0": 0, "0.14.0": 0} {
		parsed, err := maskit.ParseVersion(version)
		require.NoError(t, err)
		release, known := releaseOf(parsed)
		require.Equal(t, want, release.Count, version)
		require.Equal(t, want > 0, known, version)
	}
	_, known := releaseOf(maskit.Version{})
	require.False(t, known)
}

func FuzzRootCertificate(f *testing.F) {
	f.Add("host=a sslrootcert='b c' x=y")
	f.Add(`sslrootcert=\'`)
	f.Add("postgresql://u@h/d?sslrootcert=/x")
	f.Fuzz(func(_ *testing.T, text string) { rootCertificate(text) })
}
