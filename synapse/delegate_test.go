package synapse_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse"
)

func version(t *testing.T, text string) maskit.Version {
	t.Helper()
	if text == "" {
		return maskit.Version{}
	}
	v, err := maskit.ParseVersion(text)
	require.NoError(t, err)
	return v
}

func TestVersionsAreGated(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, synapse, mas string
		edit               func(*synapse.Delegate)
		text               string
		want               []string // severity: code
	}{
		{name: "unknown versions", want: nil},
		{name: "the tested pair", synapse: "1.163.2", mas: "1.22.0"},
		{name: "newer than tested", synapse: "1.200.0", mas: "1.99.0", want: []string{"info: mas-untested", "info: synapse-untested"}},
		{name: "Synapse before the section", synapse: "1.135.2", want: []string{"error: synapse-too-old"}},
		{name: "MAS before bearer introspection", mas: "0.19.0", want: []string{"error: mas-too-old"}},
		{name: "the oldest pair", synapse: "1.136.0", mas: "0.20.0", want: []string{"warning: dehydrated-devices", "info: auth-metadata-unstable"}},
		{name: "stable auth_metadata", synapse: "1.138.0rc1", want: []string{"warning: dehydrated-devices"}},
		{name: "dehydrated devices", synapse: "1.156.0"},
		{name: "HTTP/2 too early", synapse: "1.150.0", edit: func(d *synapse.Delegate) { d.ForceHTTP2 = true }, want: []string{"error: unsupported-by-version"}},
		{name: "HTTP/2", synapse: "1.163.2", edit: func(d *synapse.Delegate) { d.ForceHTTP2 = true }},
		{name: "MAS below a path", synapse: "1.142.0", edit: func(d *synapse.Delegate) { d.Site.MASURL += "auth/" }, want: []string{"error: endpoint-path-broken"}},
		{name: "MAS below a path, mended", synapse: "1.163.2", edit: func(d *synapse.Delegate) { d.Site.MASURL += "auth/" }},
		{name: "secret_path refused", synapse: "1.142.0rc2", want: []string{"error: secret-path-broken"}},
		{name: "application services", synapse: "1.163.2", text: "app_service_config_files: [/b.yaml]\n", want: []string{"info: appservice-login"}},
		{name: "application services before", synapse: "1.138.0", text: "app_service_config_files: [/b.yaml]\n", want: []string{"warning: dehydrated-devices"}},
		{name: "only the address of MAS", edit: func(d *synapse.Delegate) { d.Site = maskit.Site{MASURL: d.Site.MASURL} }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := delegate()
			d.SynapseVersion, d.MASVersion = version(t, tc.synapse), version(t, tc.mas)
			if tc.edit != nil {
				tc.edit(&d)
			}
			_, problems := d.Patch(homeserver("server_name: example.com\n" + tc.text))
			var got []string
			for _, p := range problems {
				got = append(got, fmt.Sprintf("%s: %s", p.Severity, p.Code))
			}
			require.Equal(t, tc.want, got)
		})
	}
}

func TestProblemsAreCapped(t *testing.T) {
	t.Parallel()
	text := "server_name: example.com\nmodules:\n" + strings.Repeat("- module: a.B\n", 2000) + strings.Repeat("- a\n", 2000)
	for name, problems := range map[string]maskit.Problems{
		"Lint":    delegate().Lint(homeserver(text)),
		"Patch":   second(delegate().Patch(homeserver(text))),
		"Overlay": second(delegate().Overlay(homeserver(text))),
	} {
		require.Len(t, problems, 500, name)
		last := problems[499]
		require.Equal(t, "too-many-problems", last.Code)
		require.Equal(t, maskit.SeverityError, last.Severity)
		require.Regexp(t, `^350[12] more problems are not listed$`, last.Message)
	}
}

func second[T any](_ T, problems maskit.Problems) maskit.Problems { return problems }

// TestCostIsBounded: what nobody writes by hand takes no more than seconds.
func TestCostIsBounded(t *testing.T) {
	t.Parallel()
	const many = 5_000
	var nested strings.Builder
	nested.WriteString("a0: &a0 {secret: s}\n")
	for i := range 40 {
		fmt.Fprintf(&nested, "a%d: &a%d [*a%d, *a%d]\n", i+1, i+1, i, i)
	}
	for name, text := range map[string]string{
		"modules that go":   "modules:\n" + strings.Repeat("- module: ldap_auth_provider.X\n", many) + "- module: a.B\n",
		"modules that stay": "modules:\n" + strings.Repeat("- module: a.B\n", many) + "- module: ldap_auth_provider.X\n",
		"modules in a flow": "modules: [" + strings.Repeat("{module: ldap_auth_provider.X}, ", many) + "{module: a.B}]\n",
		"duplicates":        strings.Repeat("enable_registration: true\n", many),
		"unknown keys":      "matrix_authentication_service:\n" + strings.Repeat("  endpint: 1\n", many),
		"misspelt keys":     strings.Repeat("matrix_authentification_service: 1\n", many),
		"aliases":           nested.String() + "modules:\n- module: ldap_auth_provider.X\n  config: *a40\n- module: a.B\n  config: *a40\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			files := homeserver("server_name: example.com\n" + text)
			delegate().Lint(files)
			delegate().Patch(files)
			delegate().Overlay(files)
			require.Less(t, time.Since(start), 20*time.Second)
		})
	}
}
