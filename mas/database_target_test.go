package mas

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

// MAS does not start with these: sqlx 0.8 refuses them before it looks at ssl_mode.
func TestValidateDatabaseURIParameters(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		uri  string
		want []string
	}{
		"mode":                {"postgresql://db/mas?sslmode=require", []string{}},
		"empty mode":          {"postgresql://db/mas?sslmode=", []string{"database.uri uri-invalid"}},
		"no such mode":        {"postgresql://db/mas?ssl-mode=canary", []string{"database.uri uri-invalid"}},
		"address":             {"postgresql://db/mas?hostaddr=192.0.2.1", []string{}},
		"no address":          {"postgresql://db/mas?hostaddr=canary", []string{"database.uri uri-invalid"}},
		"no port":             {"postgresql://db/mas?port=canary", []string{"database.uri uri-invalid"}},
		"socket for a host":   {"postgresql://mas@%2Frun%2Fpostgresql/mas", []string{}},
		"no URI":              {"postgresql://mas:canary%zz@db/mas", []string{"database.uri uri-invalid"}},
		"unknown parameter":   {"postgresql://db/mas?canary=1", []string{}},
		"everything":          {"postgresql://db/mas?port=1&user=a&password=b&dbname=c&application_name=d&options=e", []string{}},
		"of another database": {"mysql://db/mas", []string{"database.uri uri-scheme"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := validConfig(t)
			c.Database.URI = maskit.NewSecret(tc.uri)
			problems := c.Validate(ValidateOptions{})
			require.Equal(t, tc.want, below(found(problems), "database"))
			require.NotContains(t, problems.String(), "canary")
		})
	}
}

// Any text gives a target or an error, never both a socket that is empty and no host.
func FuzzParseDatabaseURI(f *testing.F) {
	for _, seed := range []string{"postgresql://mas:p@db:5432/mas?sslmode=require", "postgresql://u@%2Frun:1/x?host=/y&hostaddr=::1", "://", "%2f", "a://%2F%zz?&=&&=%"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		target, err := parseDatabaseURI(maskit.NewSecret(text))
		if err == nil && target.overNetwork() {
			require.NotEmpty(t, target.host)
			require.Empty(t, target.socket)
		}
		target.data()
	})
}

// A host goes into the public part of the configuration.
func TestValidateDatabaseHost(t *testing.T) {
	t.Parallel()
	for host, valid := range map[string]bool{
		"db": true, "postgres-rw.matrix.svc": true, "my_db": true, "192.0.2.1": true, "2001:db8::1": true, "/run/postgresql": true, "xn--fiqs8s.example": true, "": true,
		"mas:canary@db": false, "postgresql://db": false, "db:5432": false, "db/mas": false, "db ": false, "a,b": false,
	} {
		c := validConfig(t)
		c.Database.URI, c.Database.Host = maskit.Secret{}, host
		problems := c.Validate(ValidateOptions{})
		want := []string{}
		if !valid {
			want = []string{"database.host host-invalid"}
		}
		require.Equal(t, want, found(problems), host)
		require.NotContains(t, problems.String(), "canary")
	}
}
