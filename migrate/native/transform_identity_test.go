package native

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/migrate"
)

func TestThreepids(t *testing.T) {
	t.Parallel()
	user := id("user", created(), "alice")
	at := time.UnixMilli(1554209349014)
	for _, tc := range []struct {
		name   string
		row    threepid
		entity migrate.Entity
		want   map[string]string
	}{
		{
			"an e-mail address keeps its case",
			threepid{[]byte("email"), []byte("Alice@Example.com"), at.UnixMilli()},
			migrate.Emails,
			map[string]string{
				"user_email_id": id("email", at, "alice", "Alice@Example.com"), "user_id": user,
				"email": "Alice@Example.com", "created_at": "2019-04-02T12:49:09.014Z",
			},
		},
		{
			"a phone number is kept unused",
			threepid{[]byte("msisdn"), []byte("4915112345"), at.UnixMilli()},
			migrate.Unsupported,
			map[string]string{"user_id": user, "medium": "msisdn", "address": "4915112345", "created_at": "2019-04-02T12:49:09.014Z"},
		},
		{
			"another medium is kept unused",
			threepid{[]byte("Email"), []byte("a@b"), -1},
			migrate.Unsupported,
			map[string]string{"user_id": user, "medium": "Email", "address": "a@b", "created_at": "1969-12-31T23:59:59.999Z"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			u := alice()
			u.threepids = []threepid{tc.row}
			rows, tally := moved(t, testJob(), u)
			require.Equal(t, []map[string]string{tc.want}, rows[tc.entity])
			require.Empty(t, tally.notes())
			require.Len(t, rows, 3)
		})
	}
}

// MAS before 1.10 has the column, and shows it.
func TestEmailsAreConfirmedWhenTheyWereAdded(t *testing.T) {
	t.Parallel()
	transformer, err := newTransformer(testJob(), true)
	require.NoError(t, err)
	u, out, sink := withEverything(), &batch{}, &collector{t: t, confirmed: true}
	transformer.transform(u, out)
	require.NoError(t, out.flush(t.Context(), sink, &buffers{}))
	require.Equal(t, "2019-04-02T12:49:09.014Z", sink.rows[migrate.Emails][0]["confirmed_at"])
}

func TestLinks(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, provider string
		want           []map[string]string
		notes, skips   []string
	}{
		{"provider of MAS", "oidc-corp", []map[string]string{{
			"upstream_oauth_link_id":     id("link", created(), string(testProvider), "871.syn30"),
			"upstream_oauth_provider_id": "018bf177e8b77d24f83c01b1e4ad8a8e",
			"user_id":                    id("user", created(), "alice"), "subject": "871.syn30", "created_at": rfc(created()),
		}}, nil, nil},
		{
			"provider that only Synapse has", "oidc-old", nil,
			[]string{"mas-missing-oauth-provider user_external_ids 1 [@alice:example.com] oidc-old"},
			[]string{"upstream_oauth_links mas-missing-oauth-provider 1"},
		},
		{
			"provider that nobody has", "saml", nil,
			[]string{"synapse-missing-oauth-provider user_external_ids 1 [@alice:example.com] saml"},
			[]string{"upstream_oauth_links synapse-missing-oauth-provider 1"},
		},
		{
			"left by an earlier MAS", "oauth-delegated", nil,
			[]string{"existing-oauth-delegated user_external_ids 1 [@alice:example.com] oauth-delegated"},
			[]string{"upstream_oauth_links existing-oauth-delegated 1"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			u := alice()
			u.links = []link{{[]byte(tc.provider), []byte("871.syn30")}}
			rows, tally := moved(t, testJob(), u)
			require.Equal(t, tc.want, rows[migrate.Links])
			require.Equal(t, tc.notes, tally.notes())
			require.Equal(t, tc.skips, tally.skips())
		})
	}
}

func TestAProviderNeedsAnID(t *testing.T) {
	t.Parallel()
	job := testJob()
	job.Providers["oidc-corp"] = "nonsense"
	_, err := newTransformer(job, false)
	require.ErrorContains(t, err, "the id of a provider")
}
