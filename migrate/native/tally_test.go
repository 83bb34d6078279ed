package native

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate"
)

func TestTallyAddsUp(t *testing.T) {
	t.Parallel()
	var left, right, sum tally
	for i := range 9 {
		part := []*tally{&right, &left}[i%2]
		part.nextUser()
		name := fmt.Appendf(nil, "@u%d:example.com", i)
		part.note(migrate.CodeHiddenDeviceTokens, "access_tokens", name, []byte("A"))
		part.note(migrate.CodeHiddenDeviceTokens, "access_tokens", name, []byte("B"))
		part.skip(tableAccess, migrate.CodeHiddenDeviceTokens)
		part.rows[tableUsers]++
	}
	sum.add(&right)
	sum.add(&left)
	require.Equal(t, []string{"hidden-device-tokens access_tokens 18 " +
		"[@u0:example.com A @u0:example.com B @u1:example.com A @u1:example.com B @u2:example.com A]"}, sum.notes())
	require.EqualValues(t, 9, sum.anomalies[anomalyKey{code: migrate.CodeHiddenDeviceTokens, path: "access_tokens"}].users)
	require.Equal(t, []string{"compat_access_tokens hidden-device-tokens 9"}, sum.skips())
	reports := sum.reports()
	require.Len(t, reports, len(migrate.Entities()))
	require.Equal(t, migrate.EntityReport{Entity: migrate.Users, Migrated: 9}, reports[0])
	require.Equal(t, migrate.EntityReport{Entity: migrate.AccessTokens, Skipped: map[string]int64{"hidden-device-tokens": 9}}, reports[6])
}

func TestFindingsFollowThePolicy(t *testing.T) {
	t.Parallel()
	u := withEverything()
	u.links = []link{{[]byte("oidc-old"), []byte("x")}}
	u.devices = append(u.devices, device{id: []byte("GUEST"), hidden: true})
	u.access = append(u.access, accessToken{device: []byte("GUEST"), token: []byte("syt_g")})
	job := testJob()
	_, strict := moved(t, job, u)
	require.Len(t, strict.findings(job).Only(maskit.SeverityError), 2)

	job.Policy = migrate.Policy{HiddenDeviceTokens: migrate.Skip, UnmappedLinks: migrate.Skip}
	_, lax := moved(t, job, u)
	findings := lax.findings(job)
	require.NoError(t, findings.Err())
	require.Len(t, findings, 2)
	require.Equal(t, migrate.CodeHiddenDeviceTokens, findings[0].Code)
	require.Equal(t, []string{"@alice:example.com GUEST"}, findings[0].Samples)
	require.Contains(t, findings[1].String(), "oidc-old (https://old.example/)")
}

// Nothing that is said about rows holds what lets somebody in.
func TestNoSecretsInFindings(t *testing.T) {
	t.Parallel()
	u := withEverything()
	u.hash = []byte("hunter2-hash")
	for i := range u.access {
		u.access[i].token = fmt.Appendf(nil, "hunter2-%d", i)
	}
	u.refresh[0].token = []byte("hunter2-r")
	u.access = append(u.access, accessToken{device: []byte("GONE"), token: []byte("hunter2-gone")}, accessToken{device: []byte("KEY"), token: []byte("hunter2-key")})
	job := testJob()
	_, tally := moved(t, job, u)
	findings := tally.findings(job)
	require.Len(t, findings, 5)
	for _, f := range findings {
		require.NotContains(t, f.String(), "hunter2")
	}
	require.NotContains(t, fmt.Sprintf("%+v", tally.reports()), "hunter2")
}
