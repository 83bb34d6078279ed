package upstream_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// A suggested name that nobody may have is dropped.
func TestExplainDropsSuggestions(t *testing.T) {
	t.Parallel()
	entry := imports(mas.ImportSuggest, mas.ImportForce, mas.ImportForce)
	for name, note := range map[string]string{
		"Al": "dropped: the name has a character other than", "_bob": "dropped: Synapse reserves names", "Bob": "dropped: the account bob has that name",
	} {
		got, problems := upstream.Explainer{Accounts: []upstream.Account{{Localpart: "bob"}}}.Explain(entry, tokenOf("preferred_username", name))
		require.Empty(t, problems)
		require.Equal(t, upstream.UseAsked, got.Localpart.Use, name)
		require.Contains(t, got.Localpart.Note, note)
	}
}

// What is required is rendered in this order, and the first that is missing ends it.
func TestExplainNamesTheFirstRequiredClaim(t *testing.T) {
	t.Parallel()
	got, _ := upstream.Explain(imports(mas.ImportRequire, mas.ImportRequire, mas.ImportRequire), tokenOf())
	require.Contains(t, got.Reason, "the displayname is required")
	got, _ = upstream.Explain(imports(mas.ImportRequire, mas.ImportForce, mas.ImportRequire), tokenOf())
	require.Contains(t, got.Reason, "the email is required")
}

// MAS skips the confirmation of required names alone; config check refuses the others.
func TestExplainShowsTheForm(t *testing.T) {
	t.Parallel()
	entry := imports(mas.ImportForce, mas.ImportForce, mas.ImportForce)
	entry.ClaimsImports.SkipConfirmation = true
	got, _ := upstream.Explain(entry, tokenOf("preferred_username", "al"))
	require.True(t, got.Form)
}

// The label is that of the moment when the link is made.
func TestExplainKeepsTheLabel(t *testing.T) {
	t.Parallel()
	entry := labelOf("{{ user.preferred_username }}")
	got, _ := upstream.Explain(entry, tokenOf("preferred_username", "al"))
	require.Equal(t, upstream.UseStored, got.AccountName.Use)
	got, _ = upstream.Explainer{Accounts: []upstream.Account{{Localpart: "al", Subjects: []string{"f-1"}}}}.Explain(entry, tokenOf("preferred_username", "al"))
	require.Equal(t, upstream.UseNone, got.AccountName.Use)
}

func TestExplainFindsWhatIsNoAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"a b@example.com", "a@example.com\n", "@example.com", "a@"} {
		_, problems := upstream.Explain(imports(mas.ImportForce, mas.ImportForce, mas.ImportForce), tokenOf("email", address))
		require.Len(t, problems, 1, address)
		require.Equal(t, "email-invalid", problems[0].Code)
	}
}
