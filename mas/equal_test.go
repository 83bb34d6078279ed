package mas

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
)

func TestEqual(t *testing.T) {
	t.Parallel()
	require.True(t, bundle().Equal(bundle()))
	require.True(t, (*Config)(nil).Equal(nil))
	require.False(t, (*Config)(nil).Equal(&Config{}))
	require.False(t, (&Config{}).Equal(nil))
}

func TestEqualSeesEveryDifference(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Config){
		"text":            func(c *Config) { c.Matrix.Homeserver = "b" },
		"secret":          func(c *Config) { c.Matrix.Secret.Inline = maskit.NewSecret("b") },
		"bare secret":     func(c *Config) { c.Captcha.SecretKey = maskit.NewSecret("b") },
		"file":            func(c *Config) { c.Matrix.Secret = SecretValue{File: "b"} },
		"key":             func(c *Config) { c.Secrets.Keys[0].Key = secretText(block("KEY")) },
		"certificate":     func(c *Config) { c.Database.SSLCA.Inline += "x" },
		"padded secret":   func(c *Config) { c.Matrix.Secret = secretText("matrix-secret\n") },
		"absent section":  func(c *Config) { c.Account = nil },
		"empty section":   func(c *Config) { c.Account = &Account{} },
		"absent list":     func(c *Config) { c.Clients = nil },
		"empty list":      func(c *Config) { c.Clients = []Client{} },
		"order":           func(c *Config) { p := c.UpstreamOAuth2.Providers; p[0], p[1] = p[1], p[0] },
		"absent for zero": func(c *Config) { c.Account.EmailChangeAllowed = Opt[bool]{} },
		"map":             func(c *Config) { c.UpstreamOAuth2.Providers[0].AdditionalAuthorizationParameters["x"] = "y" },
		"other key of map": func(c *Config) {
			c.UpstreamOAuth2.Providers[0].AdditionalAuthorizationParameters = map[string]string{"a": "corp", "login_hint": "{{ params.login_hint }}"}
		},
		"deep in free data": func(c *Config) { c.Clients[1].JWKS["keys"].([]any)[0].(map[string]any)["x"] = "z" },
		"list in free data": func(c *Config) { c.Clients[1].JWKS["keys"] = []any{} },
		"null in free data": func(c *Config) { c.Clients[1].JWKS["keys"] = nil },
		"custom data":       func(c *Config) { c.Policy.Data.Custom = map[string]any{} },
		"number":            func(c *Config) { c.Database.Port++ },
		"rate":              func(c *Config) { c.RateLimiting.Registration.PerSecond *= 2 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := bundle()
			change(changed)
			require.False(t, changed.Equal(bundle()))
			require.False(t, bundle().Equal(changed))
		})
	}
}

func TestEqualIgnoresWhatMeansNothing(t *testing.T) {
	t.Parallel()
	padded := bundle()
	padded.Secrets.Keys[0].Key = secretText("\n" + block("PRIVATE KEY") + "\n")
	padded.Database.SSLCA.Inline = " " + block("CERTIFICATE")
	require.True(t, padded.Equal(bundle()), "white space around PEM")

	a, _ := parseText(t, "matrix: {homeserver: a}")
	b, _ := parseText(t, "\n\nmatrix:\n  homeserver: a\n")
	require.True(t, a.Equal(b), "positions")

	fromJSON := &Config{Clients: []Client{{}}}
	require.NoError(t, json.Unmarshal([]byte(`{"keys": [{"n": 1, "f": 1.5, "l": [], "s": "x", "b": true, "z": null}]}`), &fromJSON.Clients[0].JWKS))
	fromYAML, _ := parseText(t, "clients: [{jwks: {keys: [{n: 1, f: 1.5, l: [], s: x, b: true, z: ~}]}}]")
	require.True(t, fromJSON.Equal(fromYAML), "where a number came from")
}

func TestCloneSharesNothing(t *testing.T) {
	t.Parallel()
	require.Nil(t, (*Config)(nil).Clone())
	rapid.Check(t, func(t *rapid.T) {
		c := configs().Draw(t, "config")
		clone, snapshot := c.Clone(), c.Clone()
		require.True(t, clone.Equal(c))
		require.False(t, sharesPointer(reflect.ValueOf(c).Elem(), reflect.ValueOf(clone).Elem()))
		scribble(reflect.ValueOf(clone).Elem())
		require.True(t, snapshot.Equal(c))
	})
}

// scribble overwrites everything below v that could be shared.
func scribble(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			scribble(v.Elem())
			v.Elem().SetZero()
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				scribble(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			scribble(v.Index(i))
			v.Index(i).SetZero()
		}
	case reflect.Map:
		v.Clear()
	}
}

// sharesPointer reports whether two values share memory that could be written to.
func sharesPointer(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Pointer:
		return !a.IsNil() && (a.Pointer() == b.Pointer() || sharesPointer(a.Elem(), b.Elem()))
	case reflect.Map:
		return a.Len() > 0 && a.Pointer() == b.Pointer()
	case reflect.Slice:
		if a.Len() > 0 && a.Pointer() == b.Pointer() {
			return true
		}
		for i := range a.Len() {
			if sharesPointer(a.Index(i), b.Index(i)) {
				return true
			}
		}
	case reflect.Struct:
		for i := range a.NumField() {
			if a.Type().Field(i).IsExported() && sharesPointer(a.Field(i), b.Field(i)) {
				return true
			}
		}
	}
	return false
}
