package migrate

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

func someLosses() Losses {
	return Losses{
		Since: time.Date(2026, 7, 1, 3, 20, 0, 0, time.UTC),
		Items: []Loss{
			{Kind: LostPasswords, Scheme: 2, Count: 3, Users: []string{"@a:example.com", "@b:example.com", "@c:example.com"}, Effect: "their old passwords work again"},
			{Kind: LostLinks, Count: 2, Portable: 2, Users: []string{"@a:example.com"}, Effect: "Synapse does not know who they are"},
			{Kind: LostCompatSessions, Count: 9, Portable: 4, Users: []string{"@a:x", "@b:x", "@c:x", "@d:x", "@e:x"}, Effect: "they are signed out"},
			{Kind: LostOther, Table: "user_terms", Count: 1, Effect: "it is forgotten"},
		},
	}
}

func TestLossesForPeople(t *testing.T) {
	t.Parallel()
	require.Equal(t, `since 2026-07-01T03:20:00Z:
  3 passwords of scheme 2 of @a:example.com, @b:example.com, @c:example.com: their old passwords work again
  2 links of @a:example.com, all of which CopyBack saves: Synapse does not know who they are
  9 compat sessions of @a:x, @b:x, @c:x, @d:x, @e:x …, 4 of which CopyBack saves: they are signed out
  1 other (user_terms): it is forgotten`, someLosses().String())
	require.Equal(t, "nothing would be lost", Losses{}.String())
	require.True(t, Losses{}.Empty())
}

func TestLossesBeyondWhatIsCopiedBack(t *testing.T) {
	t.Parallel()
	losses := someLosses()
	beyond := losses.Beyond()
	require.Equal(t, []LossKind{LostPasswords, LostCompatSessions, LostOther}, []LossKind{beyond.Items[0].Kind, beyond.Items[1].Kind, beyond.Items[2].Kind})
	require.EqualValues(t, 5, beyond.Items[1].Count)
	require.Equal(t, someLosses(), losses, "the account itself stays")
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	portable := Losses{Items: []Loss{{Kind: LostLinks, Count: 2, Portable: 2}}}
	for name, tc := range map[string]struct {
		losses  Losses
		options RollbackOptions
		refused bool
	}{
		"nothing lost":                  {Losses{}, RollbackOptions{}, false},
		"something lost":                {someLosses(), RollbackOptions{}, true},
		"something lost, accepted":      {someLosses(), RollbackOptions{AcceptLosses: true}, false},
		"all portable, not copied back": {portable, RollbackOptions{}, true},
		"all portable, copied back":     {portable, RollbackOptions{CopyBack: true}, false},
		"partly portable":               {someLosses(), RollbackOptions{CopyBack: true}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := refusal(tc.losses, tc.options)
			var losses *LossesError
			require.Equal(t, tc.refused, errors.As(err, &losses))
			require.Equal(t, tc.refused, err != nil)
		})
	}
}

func TestRollbackReportForPeopleAndPrograms(t *testing.T) {
	t.Parallel()
	report := RollbackReport{
		DryRun: true, Refused: true, Found: StepVerified, Losses: someLosses(),
		CopyBack: maskit.Changes{{Subject: "users @a:example.com", Action: maskit.ActionUpdate, Fields: []maskit.FieldChange{{Path: "password_hash", After: maskit.NewSecret("$2b$canary")}}}},
		Emptied:  []EmptiedTable{{"users", 3}}, Left: []string{"2 identity providers"}, Next: []string{"give Synapse its configuration"},
	}
	report.Losses.Items = report.Losses.Items[3:]
	require.Equal(t, `dry run: nothing was changed; a rollback would be refused, because of what would be lost
what people did at MAS since 2026-07-01T03:20:00Z:
  1 other (user_terms): it is forgotten
to Synapse's database:
  update users @a:example.com: password_hash: unset → [redacted]
would empty users: 3 rows
left: 2 identity providers
next: give Synapse its configuration`, report.String())
	text, err := json.Marshal(report)
	require.NoError(t, err)
	require.NotContains(t, string(text), "canary")
	var back RollbackReport
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, report.Losses, back.Losses)
	require.True(t, back.Refused)
}

func TestLine(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 7, 1, 3, 20, 0, 123456000, time.UTC)
	marked := line{time: at, transaction: 1<<32 + 7}
	require.Equal(t, "age(t.xmin) <= age('7'::xid)", marked.after("t"), "numbers of transactions have come around once")
	require.Equal(t, "(age(t.xmin) <= age('7'::xid) AND t.created_at > '2026-07-01T03:20:00.123456Z'::timestamptz)", marked.made("t"))
	unmarked := line{time: at, transaction: -1}
	require.Equal(t, unmarked.made("t"), unmarked.after("t"))
}
