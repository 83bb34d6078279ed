package upstreamtest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAcceptable(t *testing.T) {
	t.Parallel()
	expected := []map[string]string{{
		"subject":                "{{ user.sub }}",
		"localpart":              "{{ user['x-y'] | lower }}",
		parameterSlot + "prompt": "{% if logged_out %}login{% endif %}",
	}}
	for name, c := range map[string]struct {
		slot, template string
		want           bool
	}{
		"the same":                      {"subject", "{{ user.sub }}", true},
		"another claim":                 {"localpart", `{{ user['it\'s'] | lower }}`, true},
		"another claim, plainly":        {"localpart", "{{ user.login | lower }}", true},
		"a claim's claim":               {"localpart", "{{ user.a.b | lower }}", false},
		"a literal that ends early":     {"localpart", "{{ user['it's'] | lower }}", false},
		"an added output":               {"localpart", "{{ user['a'] }}{{ user['b'] | lower }}", false},
		"a fixed claim":                 {"subject", "admin", false},
		"a fixed parameter":             {parameterSlot + "hint", "staff", true},
		"a fixed parameter, quoted":     {parameterSlot + "hint", `{{ '\u007b\u007b' }}`, true},
		"a fixed parameter with braces": {parameterSlot + "hint", "{}", true},
		"a parameter that computes":     {parameterSlot + "hint", "{{ params.x }}", false},
		"a parameter that is known":     {parameterSlot + "prompt", "{% if logged_out %}login{% endif %}", true},
		"a parameter that loses a line": {parameterSlot + "hint", "x\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, acceptable(c.slot, c.template, expected))
		})
	}
}
