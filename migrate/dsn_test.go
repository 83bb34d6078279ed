package migrate

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/localtls"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse"
)

const canary = "c4n'ary \\p%2Fss"

// shown is a connection as "user:password@host:port/database", the first attempt and its
// TLS: off, on (nobody is checked), ca, full; then those to fall back to.
func shown(c *pgx.ConnConfig) string {
	attempts := []string{shownTLS(c)}
	for _, f := range c.Fallbacks {
		next := *c
		next.TLSConfig = f.TLSConfig
		text := shownTLS(&next)
		if f.Host != c.Host || f.Port != c.Port {
			text = fmt.Sprintf("%s:%d %s", f.Host, f.Port, text)
		}
		attempts = append(attempts, text)
	}
	text := fmt.Sprintf("%s:%s@%s:%d/%s %s", c.User, c.Password, c.Host, c.Port, c.Database, strings.Join(attempts, " else "))
	if options := c.RuntimeParams["options"]; options != "" {
		text += " options " + options
	}
	return text
}

func shownTLS(c *pgx.ConnConfig) string {
	t := c.TLSConfig
	mode := "full"
	switch {
	case t == nil:
		return "off"
	case t.InsecureSkipVerify && t.VerifyPeerCertificate != nil:
		mode = "ca"
	case t.InsecureSkipVerify:
		mode = "on"
	}
	if t.RootCAs != nil {
		mode += "+roots"
	}
	if len(t.Certificates) > 0 {
		mode += "+own"
	}
	return mode
}

func TestSynapseConnection(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	authority := newAuthority(t)
	ca, passfile := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "pgpass")
	require.NoError(t, os.WriteFile(ca, authority.RootPEM(), 0o600))
	require.NoError(t, os.WriteFile(passfile, []byte("db:5432:synapse:u:from-file\n"), 0o600))
	cases := map[string]struct {
		db   synapse.Database
		dsn  string
		want string
	}{
		"tcp":              {db: synapse.Database{Host: "db", Port: 5433, User: "u", Name: "synapse", Password: maskit.NewSecret(canary)}, want: "u:" + canary + "@db:5433/synapse on else off"},
		"socket":           {db: synapse.Database{Host: "/run/pg", User: "u", Name: "synapse"}, want: "u:@/run/pg:5432/synapse off"},
		"two hosts":        {db: synapse.Database{Host: "a,b", User: "u", Name: "s", SSLMode: "disable"}, want: "u:@a:5432/s off else b:5432 off"},
		"spaces":           {db: synapse.Database{Host: "db", User: `o'b \x`, Name: "a b", SSLMode: "disable"}, want: `o'b \x:@db:5432/a b off`},
		"full":             {db: synapse.Database{Host: "db", User: "u", Name: "s", SSLMode: "verify-full", SSLRootCert: ca}, want: "u:@db:5432/s full+roots"},
		"require with CA":  {db: synapse.Database{Host: "db", User: "u", Name: "s", SSLMode: "require", SSLRootCert: ca}, want: "u:@db:5432/s ca+roots"},
		"passfile":         {db: synapse.Database{Host: "db", User: "u", Name: "synapse", PassFile: passfile, SSLMode: "disable"}, want: "u:from-file@db:5432/synapse off"},
		"pgbouncer port":   {db: synapse.Database{Host: "db", Port: 6432, User: "u", Name: "s", SSLMode: "disable"}, want: "u:@db:6432/s off"},
		"dsn":              {db: synapse.Database{DSN: maskit.NewSecret("host=db user=u password=p dbname=s sslmode=disable")}, want: "u:p@db:5432/s off"},
		"arguments win":    {db: synapse.Database{Host: "other", Password: maskit.NewSecret(canary), DSN: maskit.NewSecret("host=db user=u password=p dbname=s sslmode=disable")}, want: "u:" + canary + "@other:5432/s off"},
		"an empty one":     {db: synapse.Database{Host: "other", DSN: maskit.NewSecret(`user=u dbname=s sslmode=disable password=`)}, want: "u:@other:5432/s off"},
		"a quoted one":     {db: synapse.Database{Host: "other", DSN: maskit.NewSecret(`user = u dbname='s \' t' sslmode=disable password=a\ b=`)}, want: "u:a b=@other:5432/s ' t off"},
		"over a URI":       {db: synapse.Database{Host: "other", Name: "a b", DSN: maskit.NewSecret("postgresql://u:p?@db/s?sslmode=disable")}, want: "u:p?@other:5432/a b off"},
		"override":         {db: synapse.Database{Host: "db", User: "u", Name: "s"}, dsn: "postgresql://v:w%20x@h:1/d?sslmode=disable", want: "v:w x@h:1/d off"},
		"override, libpq":  {dsn: `host=/run/pg user=v dbname='a\'b'`, want: "v:@/run/pg:5432/a'b off"},
		"override, SQLite": {db: synapse.Database{Engine: "sqlite3"}, dsn: "postgresql:///d?host=/run/pg&user=v", want: "v:@/run/pg:5432/d off"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tc.db.Engine == "" {
				tc.db.Engine = "psycopg2"
			}
			config, err := synapseConnection(tc.db, secret(tc.dsn))
			require.NoError(t, err)
			require.Equal(t, tc.want, shown(config))
			require.Equal(t, "maskit", config.RuntimeParams["application_name"])
			require.Equal(t, connectTimeout, config.ConnectTimeout)
		})
	}
}

func newAuthority(t *testing.T) localtls.Authority {
	t.Helper()
	authority, err := localtls.New(time.Now())
	require.NoError(t, err)
	return authority
}

func secret(text string) maskit.Secret {
	if text == "" {
		return maskit.Secret{}
	}
	return maskit.NewSecret(text)
}

func TestSynapseConnectionService(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "services.conf")
	require.NoError(t, os.WriteFile(file, []byte("[matrix]\nhost=db\nport=5439\nuser=u\ndbname=s\nsslmode=disable\n"), 0o600))
	t.Setenv("PGSERVICEFILE", file)
	config, err := synapseConnection(synapse.Database{Engine: "psycopg2", Service: "matrix", User: "v"}, maskit.Secret{})
	require.NoError(t, err)
	require.Equal(t, "v:@db:5439/s off", shown(config))
	_, err = synapseConnection(synapse.Database{Engine: "psycopg2", Service: "none"}, maskit.Secret{})
	require.EqualError(t, err, "failed to read service (unable to find service: none)")
}

// What an address does not say comes from the environment, as for Synapse and MAS.
func TestConnectionEnvironment(t *testing.T) {
	for name, value := range map[string]string{"PGHOST": "env", "PGPORT": "1234", "PGUSER": "eve", "PGPASSWORD": "pw", "PGDATABASE": "d", "PGSSLMODE": "disable"} {
		t.Setenv(name, value)
	}
	config, err := synapseConnection(synapse.Database{Engine: "psycopg2"}, maskit.Secret{})
	require.NoError(t, err)
	require.Equal(t, "eve:pw@env:1234/d off", shown(config))
	for _, uri := range []string{"postgresql:", "postgresql://", "postgres:///"} {
		config, err = masConnection(&mas.Database{URI: maskit.NewSecret(uri)}, maskit.Secret{})
		require.NoError(t, err)
		require.Equal(t, "eve:pw@env:1234/d off", shown(config), uri)
	}
	config, err = masConnection(nil, maskit.Secret{})
	require.NoError(t, err)
	require.Equal(t, "eve:pw@env:1234/d off", shown(config))
}

func TestMASConnectionURI(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ uri, want string }{
		"plain":              {"postgresql://u:p@db/mas?sslmode=disable", "u:p@db:5432/mas off"},
		"encoded":            {"postgres://u%40x:p%2Fa%27%5C+@db:5433/m%20s?sslmode=disable", `u@x:p/a'\+@db:5433/m s off`},
		"at in the password": {"postgresql://u:p@q@db/mas?sslmode=disable", "u:p@q@db:5432/mas off"},
		"prefer":             {"postgresql://u:p@db/mas", "u:p@db:5432/mas on else off"},
		"mode":               {"postgresql://u:p@db/mas?ssl-mode=VERIFY-FULL", "u:p@db:5432/mas full"},
		"allow is off":       {"postgresql://u:p@db/mas?sslmode=allow", "u:p@db:5432/mas off"},
		"socket":             {"postgresql://u@%2Frun%2Fpg/mas", "u:@/run/pg:5432/mas off"},
		"socket wins":        {"postgresql://u@%2Frun%2Fpg:5433/mas?host=db", "u:@/run/pg:5433/mas off"},
		"query wins":         {"postgresql://u:p@db:1/mas?user=v&password=w&host=/run/pg&port=2&dbname=d", "v:w@/run/pg:2/d off"},
		"address":            {"postgresql://u@db/mas?hostaddr=192.0.2.1&sslmode=disable", "u:@192.0.2.1:5432/mas off"},
		"IPv6":               {"postgresql://u@[::1]:5433/mas?sslmode=disable", "u:@::1:5433/mas off"},
		"options":            {"postgresql://u@db/mas?sslmode=disable&options[search_path]=m&options=-c+geqo%3Doff", "u:@db:5432/mas off options -c search_path=m -c geqo=off"},
		"unknown":            {"postgresql://u@db/mas?sslmode=disable&statement-cache-capacity=1&x=y", "u:@db:5432/mas off"},
		"fragment":           {"postgresql://u@db/mas?sslmode=disable#x", "u:@db:5432/mas off"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, err := masConnection(&mas.Database{URI: maskit.NewSecret(tc.uri)}, maskit.Secret{})
			require.NoError(t, err)
			require.Equal(t, tc.want, shown(config))
			require.NotContains(t, config.RuntimeParams, "x")
		})
	}
}

func TestMASConnectionFields(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	authority := newAuthority(t)
	own, key, err := authority.ServerPEM()
	require.NoError(t, err)
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, data, 0o600))
		return path
	}
	ca, password := write("ca.pem", authority.RootPEM()), write("password", []byte(" "+canary+"\n"))
	inline := mas.TextValue{Inline: string(authority.RootPEM())}
	cases := map[string]struct {
		db   mas.Database
		dsn  string
		want string
	}{
		"fields":       {db: mas.Database{Host: "db", Port: 5433, Username: "u", Name: "mas", Password: mas.SecretValue{Inline: maskit.NewSecret(canary)}, SSLMode: mas.SSLDisable}, want: "u:" + canary + "@db:5433/mas off"},
		"socket":       {db: mas.Database{Host: "db", Socket: "/run/pg", Username: "u", Name: "mas"}, want: "u:@/run/pg:5432/mas off"},
		"file":         {db: mas.Database{Host: "db", Username: "u", Name: "mas", Password: mas.SecretValue{File: password}, SSLMode: mas.SSLDisable}, want: "u:" + canary + "@db:5432/mas off"},
		"full":         {db: mas.Database{Host: "db", Username: "u", Name: "mas", SSLMode: mas.SSLVerifyFull, SSLCA: inline}, want: "u:@db:5432/mas full+roots"},
		"CA file":      {db: mas.Database{Host: "db", Username: "u", Name: "mas", SSLMode: mas.SSLVerifyCA, SSLCA: mas.TextValue{File: ca}}, want: "u:@db:5432/mas ca+roots"},
		"require":      {db: mas.Database{Host: "db", Username: "u", Name: "mas", SSLMode: mas.SSLRequire, SSLCA: inline}, want: "u:@db:5432/mas on+roots"},
		"over the URI": {db: mas.Database{URI: maskit.NewSecret("postgresql://u@db/mas?sslmode=disable&sslrootcert=/nowhere"), SSLMode: mas.SSLVerifyFull, SSLCA: inline}, want: "u:@db:5432/mas full+roots"},
		"CA of a URI":  {db: mas.Database{URI: maskit.NewSecret("postgresql://u@db/mas?sslmode=verify-full&ssl-ca=" + ca)}, want: "u:@db:5432/mas full+roots"},
		"own certificate": {
			db: mas.Database{
				Host: "db", Username: "u", Name: "mas", SSLMode: mas.SSLRequire,
				SSLCertificate: mas.TextValue{Inline: string(own)}, SSLKey: mas.SecretValue{Inline: maskit.NewSecret(string(key))},
			},
			want: "u:@db:5432/mas on+own",
		},
		"DSN": {db: mas.Database{Host: "db", Username: "u", SSLMode: mas.SSLVerifyFull, SSLCA: inline}, dsn: "host=h user=v dbname=d sslmode=require", want: "v:@h:5432/d on"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, err := masConnection(&tc.db, secret(tc.dsn))
			require.NoError(t, err)
			require.Equal(t, tc.want, shown(config))
		})
	}
}

func TestAddressErrorsHoldNoPassword(t *testing.T) {
	t.Parallel()
	fromURI := func(uri string) error {
		_, err := masConnection(&mas.Database{URI: maskit.NewSecret(uri)}, maskit.Secret{})
		return err
	}
	fromDSN := func(dsn string) error {
		_, err := masConnection(nil, maskit.NewSecret(dsn))
		return err
	}
	fromSynapse := func(db synapse.Database) error {
		db.Engine, db.Password = "psycopg2", maskit.NewSecret("canary")
		_, err := synapseConnection(db, maskit.Secret{})
		return err
	}
	own := mas.TextValue{Inline: "no certificate"}
	cases := map[string]struct {
		err  error
		want string
	}{
		"URI, other database": {fromURI("mysql://u:canary@db/mas"), "is not the address of a PostgreSQL database"},
		"URI, no scheme":      {fromURI("u canary"), errURI.Error()},
		"URI, port":           {fromURI("postgresql://u:can/ary@db/mas"), "the port is not a number up to 65535"},
		"URI, mode":           {fromURI("postgresql://u:canary@db/mas?sslmode=x"), "failed to configure TLS (sslmode is invalid)"},
		"URI, hostaddr":       {fromURI("postgresql://u:canary@db/mas?hostaddr=canary"), "its parameter hostaddr is not an IP address"},
		"URI, CA":             {fromURI("postgresql://u:canary@db/mas?ssl-ca=/nowhere.pem"), "open /nowhere.pem: no such file or directory (mas.Config.Inline reads files in where they are)"},
		"DSN, other database": {fromDSN("sqlite://canary"), "is not the address of a PostgreSQL database"},
		"DSN, no DSN":         {fromDSN("canary"), errDSN.Error()},
		"DSN, quotes":         {fromDSN("host=db password='can\\'ary' x"), errDSN.Error()},
		"DSN, spaces":         {fromDSN("host=db password=can ary more=x"), errDSN.Error()},
		"DSN, port":           {fromDSN("postgresql://u:can:ary@db:canary/mas"), errDSN.Error()},
		"DSN, CA":             {fromDSN("postgresql://u:canary@db/mas?sslrootcert=/nowhere.pem"), "open /nowhere.pem: no such file or directory"},
		"Synapse, mode":       {fromSynapse(synapse.Database{Host: "db", SSLMode: "x"}), "failed to configure TLS (sslmode is invalid)"},
		"Synapse, CA":         {fromSynapse(synapse.Database{Host: "db", SSLRootCert: "/nowhere.pem"}), "failed to configure TLS (unable to read CA file: open /nowhere.pem: no such file or directory)"},
		"Synapse, dsn":        {fromSynapse(synapse.Database{DSN: maskit.NewSecret("canary")}), errDSN.Error()},
		"MAS, no CA":          {certificateError(mas.Database{Host: "db", SSLCA: own}), "ssl_ca holds no certificate"},
		"MAS, no key":         {certificateError(mas.Database{Host: "db", SSLCertificate: own}), "ssl_certificate and ssl_key: failed to find any PEM data in certificate input"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.EqualError(t, tc.err, tc.want)
			for _, finding := range addressFindings("target.dsn", maskit.NewSecret("canary"), masDatabase, tc.err) {
				require.NotContains(t, finding.String(), "canary")
				require.NotContains(t, finding.String(), "ary'")
				require.Equal(t, "target.dsn", finding.Path)
			}
		})
	}
}

func certificateError(db mas.Database) error {
	_, err := masConnection(&db, maskit.Secret{})
	return err
}

// Any text gives a configuration or an error that does not repeat the text.
func FuzzMASConnection(f *testing.F) {
	for _, seed := range []string{"postgresql://u:p@db:1/mas?sslmode=require&options[a]=b", "postgres:", "postgresql://[::1]:", "a%2F@%", "://", "postgresql://u:%zz@%2Frun:1/x?host=/y&hostaddr=::1&&=%"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ReplaceAll(text, "cert", "") // names files
		text = strings.ReplaceAll(text, "ca=", "")
		_, err := masConnection(&mas.Database{URI: maskit.NewSecret(text)}, maskit.Secret{})
		if err != nil && len(text) > 12 {
			require.NotContains(t, err.Error(), text)
		}
	})
}

// An argument of psycopg2 wins over what the dsn says, whatever that is.
func FuzzSynapseDSN(f *testing.F) {
	for _, seed := range []string{"host=a password='x y'", "postgresql://u:p?@a/b?c=d", "postgres:///", "host=a\\", "0=", "postgres://?", "user='a\\", "postgresql://u@a,b:1,2/?host=c&", "x", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, dsn string) {
		for _, word := range []string{"cert", "sslkey", "service", "passfile"} {
			if strings.Contains(dsn, word) {
				t.Skip("names files")
			}
		}
		_, err := parseDSN(maskit.NewSecret(dsn))
		if err != nil {
			require.NotContains(t, err.Error(), "canary")
			return
		}
		config, err := synapseConnection(synapse.Database{Engine: "psycopg2", Host: "wins", Port: 7, Name: "it is", DSN: maskit.NewSecret(dsn)}, maskit.Secret{})
		require.NoError(t, err)
		require.Equal(t, "wins", config.Host)
		require.Equal(t, uint16(7), config.Port)
		require.Equal(t, "it is", config.Database)
	})
}
