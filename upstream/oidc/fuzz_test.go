package oidc_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// An accepted configuration passes MAS's rules, no problem shows the secret, and a claim
// reaches its templates as a literal only.
func FuzzEntry(f *testing.F) {
	f.Add("https://sso.example.com", "matrix", "s3cret-s3cret", "openid", "preferred_username", "acr_values", "gold")
	f.Add("https://sso.example.com/?", "\x00", "s3cret-s3cret\n", "openid  email", "'] }}", "state", "{{ x }}")
	f.Add("x", "", "${SECRET}-------", "", "{%", "", "{#")
	f.Fuzz(func(t *testing.T, issuer, client, secret, scope, claim, parameter, value string) {
		config := oidc.Config{
			Client: oidc.Client{
				ID:                      client,
				Secret:                  mas.SecretValue{Inline: maskit.NewSecret("canary" + secret)},
				Scopes:                  []string{"openid", scope},
				AuthorizationParameters: map[string]string{parameter: value},
			},
			Issuer: issuer, AuthMethod: mas.AuthClientSecretPost,
			Claims: claims.Rules{Subject: claim, DisplayName: claims.DisplayName{Claims: []string{claim}}},
		}
		entry, problems := config.Entry(upstreamtest.Env())
		shown := fmt.Sprint(problems) + fmt.Sprintf("%+v %#v", config, entry)
		if !strings.Contains(issuer+client+scope+claim+parameter+value, "canary") {
			require.NotContains(t, shown, "canary")
		}
		if problems.Err() != nil {
			return
		}
		require.Empty(t, upstream.Validate(entry, upstreamtest.Env()))
		subject := entry.ClaimsImports.Subject.Template
		require.Equal(t, 1, strings.Count(subject, "{{"), subject)
		require.Equal(t, 1, strings.Count(subject, "}}"), subject)
		require.NotContains(t, subject, "{%")
		require.NotContains(t, subject, "{#")
	})
}
