package maskit_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

func TestChangeString(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change maskit.Change
		want   string
	}{
		"create": {maskit.Change{Subject: "client matrix-auth", Action: maskit.ActionCreate}, "create client matrix-auth"},
		"update": {
			maskit.Change{Subject: "client matrix-auth", Action: maskit.ActionUpdate, Reason: "drifted", Fields: []maskit.FieldChange{
				{Path: "secret", Before: maskit.NewSecret("old"), After: maskit.NewSecret("new")},
				{Path: "enabled", Before: false, After: true},
				{Path: "name", Before: nil, After: "a \"b\"\n"},
				{Path: "scopes", Before: []string{"openid"}, After: nil},
				{Path: "max", Before: 10, After: 20},
			}},
			`update client matrix-auth: secret: [redacted] → [redacted], enabled: false → true, name: unset → "a \"b\"\n", scopes: [openid] → unset, max: 10 → 20 (drifted)`,
		},
		"reason alone": {maskit.Change{Subject: "x", Action: maskit.ActionSkip, Reason: "not managed"}, "skip x (not managed)"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, c.change.String())
		})
	}
}

func TestChangeJSON(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(maskit.Changes{
		{Subject: "a", Action: maskit.ActionDelete},
		{Subject: "b", Action: maskit.ActionUpdate, Reason: "r", Fields: []maskit.FieldChange{{Path: "p", Before: maskit.NewSecret("old"), After: nil}}},
	})
	require.NoError(t, err)
	require.JSONEq(t, `[
		{"subject": "a", "action": "delete"},
		{"subject": "b", "action": "update", "reason": "r", "fields": [{"path": "p", "before": "[redacted]", "after": null}]}
	]`, string(text))
}

func TestChangesEmptyMeansNothingToDo(t *testing.T) {
	t.Parallel()
	require.True(t, maskit.Changes(nil).Empty())
	require.True(t, maskit.Changes{{Action: maskit.ActionUnchanged}, {Action: maskit.ActionSkip}}.Empty())
	for _, action := range []maskit.Action{maskit.ActionCreate, maskit.ActionUpdate, maskit.ActionDelete, "", "other"} {
		require.False(t, maskit.Changes{{Action: maskit.ActionUnchanged}, {Action: action}}.Empty(), action)
	}
}

func TestChangesStringIsOneLineEach(t *testing.T) {
	t.Parallel()
	require.Empty(t, maskit.Changes(nil).String())
	require.Equal(t, "create a\ndelete b", maskit.Changes{{Subject: "a", Action: maskit.ActionCreate}, {Subject: "b", Action: maskit.ActionDelete}}.String())
}
