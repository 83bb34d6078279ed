package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
)

// TestSynapseBootsWhatIsWritten: a homeserver.yaml that the real Synapse made, with
// conflicts of every kind but modules, all of which are printed with their lines in one
// run; what -w leaves boots, and -mode revert restores every byte.
func TestSynapseBootsWhatIsWritten(t *testing.T) {
	t.Parallel()
	install := live.Synapse(t, live.SynapseCurrent)
	generated := install.GenerateConfig(t, "example.com")
	secret := filepath.Join(generated.Dir, "shared-secret")
	require.NoError(t, os.WriteFile(secret, []byte("a shared secret"), 0o600))
	original := content(t, generated.Path) + "\n" + conflicts(t)
	require.NoError(t, os.WriteFile(generated.Path, []byte(original), 0o600))
	args := []string{"-config", generated.Path, "-mas-endpoint", "http://127.0.0.1:1/", "-secret-path", secret, "-synapse-version", string(install.Version)}

	shown := delegate(t, args...)
	require.Equal(t, 0, shown.code, shown.stderr)
	for _, path := range []string{
		"password_config.enabled", "disable_registration", "user_consent", "oidc_providers", "oidc_config.enabled", "saml2_config", "cas_config", "jwt_config.enabled",
		"password_providers", "ldap_config.enabled", "enable_registration_captcha", "login_via_existing_session.enabled", "refresh_token_lifetime",
		"nonrefreshable_access_token_lifetime", "session_lifetime", "enable_3pid_changes", "experimental_features.msc3861",
	} {
		require.Regexp(t, `(?m)^  error: \S+homeserver\.yaml:\d+:\d+: `+path+": ", shown.stdout)
	}
	require.Equal(t, original, content(t, generated.Path))

	written := delegate(t, append(args, "-w")...)
	require.Equal(t, 0, written.code, written.stdout+written.stderr)
	server := install.Start(t, live.Postgres(t), generated.Path)
	require.Equal(t, http.StatusInternalServerError, status(t, server.URL+"/_matrix/client/v1/auth_metadata"), "Synapse delegates, to a MAS that is not there")
	server.Stop()

	reverted := delegate(t, "-config", generated.Path, "-mode", "revert", "-w")
	require.Equal(t, 0, reverted.code, reverted.stderr)
	require.Equal(t, original, content(t, generated.Path))
}

// conflicts are those of testdata/full.yaml but for modules.
func conflicts(t *testing.T) string {
	t.Helper()
	text := content(t, "testdata/full.yaml")
	_, text, _ = strings.Cut(text, "report_stats: false\n")
	head, tail, ok := strings.Cut(text, "# 12. ")
	require.True(t, ok)
	_, tail, ok = strings.Cut(tail, "# 13. ")
	require.True(t, ok)
	tail, _, _ = strings.Cut(tail, "# the end")
	return head + "# 13. " + tail
}

func status(t *testing.T, url string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode
}
