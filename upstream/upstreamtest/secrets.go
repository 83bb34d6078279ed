package upstreamtest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream"
)

// canary is a secret that must not show up anywhere.
const canary = "canary-cd1f4e7c"

// testSecrets replaces every secret by a canary, once well-formed and once as
// somebody pastes it, and looks for it in all that is meant for people.
func (c Config) testSecrets(t *testing.T) {
	for _, value := range []string{canary, canary + "\n", canary + "\x00", " " + canary} {
		for _, field := range stringFields(c.New()) {
			if !field.secret {
				continue
			}
			provider := c.with(field, value)
			entry, problems := provider.Entry(c.Env)
			for where, text := range shownTexts(t, provider, entry, problems) {
				if strings.Contains(text, canary) {
					t.Errorf("the secret %s shows in %s", field.path, where)
				}
			}
			for _, step := range upstream.SetupSteps(provider, c.Env) {
				if strings.Contains(step.String(), canary) {
					t.Errorf("the secret %s shows in the step %q", field.path, step.Title)
				}
			}
		}
	}
}

func shownTexts(t *testing.T, provider upstream.Provider, entry upstream.Entry, problems maskit.Problems) map[string]string {
	t.Helper()
	asJSON, err := json.Marshal(problems)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{
		"the problems":         problems.String(),
		"the problems as JSON": string(asJSON),
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		texts["the provider printed by "+verb] = fmt.Sprintf(verb, provider)
		texts["the entry printed by "+verb] = fmt.Sprintf(verb, entry)
	}
	return texts
}
