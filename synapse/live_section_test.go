package synapse_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/synapse"
)

// sectionSeed is a matrix_authentication_service section, whether the current
// release and 1.136 accept it, and what Lint says; %s is the path of the secret.
type sectionSeed struct {
	text           string
	current, floor bool
	codes          []string
}

func sectionSeeds() []sectionSeed {
	const right = `endpoint: "http://mas.matrix-auth.svc.cluster.local:8080/", secret_path: "%[1]s"`
	code := func(codes ...string) []string { return codes }
	return []sectionSeed{
		{"{enabled: true, " + right + "}", true, true, nil},
		{"{enabled: on, " + right + "}", true, true, nil},
		{"null", true, true, code("not-delegated")},
		{"text", false, false, code("wrong-type")},
		{"[]", false, false, code("wrong-type")},
		{"{enabled: \"true\", " + right + "}", false, false, code("wrong-type")},
		{"{enabled: 1, " + right + "}", false, false, code("wrong-type")},
		{"{enabled: null, " + right + "}", false, false, code("wrong-type")},
		{"{enabled: true, " + right + ", secret: null}", true, false, code("secret-null")},
		{"{enabled: true, " + right + ", secret: \"\"}", true, false, code("secret-empty")},
		{"{enabled: true, " + right + ", secret: s}", false, false, code("secret-inline")},
		{"{enabled: true, " + right + ", secret: 12}", false, false, code("wrong-type")},
		{"{enabled: true, " + right + ", force_http2: \"yes\"}", false, true, code("wrong-type")},
		{"{enabled: true, " + right + ", force_http2: null}", false, true, code("wrong-type")},
		{"{enabled: true, " + right + ", on: 1}", false, false, code("wrong-type")},
		{"{enabled: true, " + right + ", endpint: x}", true, true, code("unknown-key")},
		{"{enabled: true, endpoint: \"mas:8080\", secret_path: \"%[1]s\"}", false, false, code("url-invalid")},
		{"{enabled: true, endpoint: \"ftp://mas/\", secret_path: \"%[1]s\"}", false, false, code("url-invalid")},
		{"{enabled: true, endpoint: 12, secret_path: \"%[1]s\"}", false, false, code("wrong-type")},
		{"{enabled: true, endpoint: null, secret_path: \"%[1]s\"}", false, false, code("wrong-type")},
		{"{enabled: true, endpoint: \"HTTP://elsewhere\", secret_path: \"%[1]s\"}", true, true, code("section-differs")},
		{"{enabled: true, secret_path: \"%[1]s\"}", true, true, code("section-differs")},
		{"{enabled: true, endpoint: \"http://mas.matrix-auth.svc.cluster.local:8080\", secret_path: /nowhere}", false, false, code("section-differs")},
		{"{enabled: true, endpoint: \"http://mas.matrix-auth.svc.cluster.local:8080\", secret_path: 12}", false, false, code("wrong-type")},
		{"{enabled: true, endpoint: \"http://mas.matrix-auth.svc.cluster.local:8080\"}", false, true, code("section-differs")},
	}
}

// sectionTrials: whatever Synapse refuses, Lint tells, and Patch mends unless it
// cannot know what was meant.
func (w workshop) sectionTrials(t *testing.T) []trial {
	t.Helper()
	var trials []trial
	for i, s := range sectionSeeds() {
		text := w.base + "matrix_authentication_service: " + fmt.Sprintf(s.text+"%[2]s", w.delegate.SecretPath, "\n")
		patched, left := w.delegate.Patch(homeserver(text))
		configs := [][]string{
			{w.write(t, fmt.Sprintf("section-%d.yaml", i), text)},
			{w.write(t, fmt.Sprintf("section-%d-patched.yaml", i), string(patched.Files[0].Data))},
		}
		trials = append(trials, trial{"section " + s.text, configs, func(t *testing.T, got []live.ConfigVerdict) {
			isFloor := w.install.Version == live.SynapseFloor
			want := s.current && !isFloor || s.floor && isFloor
			require.Equal(t, want, got[0].Accepted, got[0].Reason)
			problems := w.delegate.Lint(homeserver(text))
			if !want {
				require.Error(t, problems.Err())
			}
			if !(isFloor && s.floor && !s.current) && !(!isFloor && s.codes != nil && s.codes[0] == "secret-null") {
				require.Equal(t, s.codes, codes(problems))
			}
			if left.Err() == nil {
				require.Empty(t, got[1].Reason, "patched")
			}
		}})
	}
	return trials
}

// convertTrials: what Synapse 1.136 took as MSC3861, both take once converted.
func (w workshop) convertTrials(t *testing.T) []trial {
	t.Helper()
	token := w.write(t, "admin-token", "hunter2")
	const msc3861 = "experimental_features:\n  msc3266_enabled: true\n  msc3861: {enabled: true, issuer: \"https://account.example.com/\", client_id: c, client_secret: hunter2, "
	var trials []trial
	for i, rest := range []string{"admin_token: hunter2}\n", "admin_token_path: \"" + token + "\"}\npassword_config: {enabled: false}\n"} {
		text := w.base + msc3861 + rest
		converted, problems := synapse.Delegate{SecretPath: []string{w.delegate.SecretPath, ""}[i]}.Convert(homeserver(text))
		require.NoError(t, problems.Err())
		requireHidden(t, problems)
		require.Equal(t, []string{"hunter2", ""}[i], converted.Secret.Reveal())
		configs := [][]string{
			{w.write(t, fmt.Sprintf("convert-%d.yaml", i), text)},
			{w.write(t, fmt.Sprintf("convert-%d-converted.yaml", i), string(converted.Files[0].Data))},
		}
		trials = append(trials, trial{"convert " + rest, configs, func(t *testing.T, got []live.ConfigVerdict) {
			require.Equal(t, w.install.Version == live.SynapseFloor, got[0].Accepted, got[0].Reason)
			require.Empty(t, got[1].Reason)
			data, err := os.ReadFile(converted.SecretPath)
			require.NoError(t, err)
			require.NotEmpty(t, data)
		}})
	}
	return trials
}
