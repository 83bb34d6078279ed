package upstreamtest_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// loginResult is how a login ended, predicted or seen.
type loginResult struct {
	Outcome upstream.Outcome
	Status  int
	// Localpart, Email and DisplayName are "use value", as the form has them; without a
	// form that of the account.
	Localpart, Email, DisplayName string
	// Steps are the pages after the form.
	Steps []string
	// User is the account; Subject and Label are those of its link, if that is new.
	User, Subject, Label string
	// Stored are the display name at Synapse and the addresses of a new account.
	Stored []string
}

// liveLogin is a case with what it needs on the servers.
type liveLogin struct {
	loginCase
	*deployment
	idp      *upstreamtest.IDP
	entry    upstream.Entry
	provider string
	// typed is the name that the person enters if asked for one.
	typed string
}

// prepareLogins returns a test that each login ends as Explain predicts.
func prepareLogins(t *testing.T, d *deployment) func(*testing.T) {
	t.Helper()
	idp := upstreamtest.NewIDP(t)
	d.trust(idp)
	cases := map[string]loginCase{}
	for _, some := range []map[string]loginCase{ordinaryCases(), nameCases(), conflictCases(), gateCases()} {
		maps.Copy(cases, some)
	}
	by := newSeeder(t, d, idp)
	logins := map[string]*liveLogin{}
	for i, name := range slices.Sorted(maps.Keys(cases)) {
		logins[name] = newLiveLogin(t, d, idp, cases[name], i)
	}
	return func(t *testing.T) {
		for name, login := range logins {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				login.run(t, by)
			})
		}
	}
}

func newLiveLogin(t *testing.T, d *deployment, idp *upstreamtest.IDP, c loginCase, i int) *liveLogin {
	t.Helper()
	env, config := d.env(t), naive(idp)
	config.Client.ID = fmt.Sprintf("client-%d", i)
	if c.config != nil {
		c.config(&config)
	}
	entry := mustEntry(t, config, env)
	if c.raw != nil {
		c.raw(&entry)
	}
	d.add(idp, entry, env)
	c.claims = maps.Clone(c.claims)
	if c.claims["sub"] == nil {
		c.claims["sub"] = fmt.Sprintf("subject-%d", i)
	}
	return &liveLogin{loginCase: c, deployment: d, idp: idp, entry: entry, provider: string(env.ID), typed: fmt.Sprintf("typed-%d", i)}
}

// seeder is a provider by which accounts are made.
type seeder struct {
	idp      *upstreamtest.IDP
	provider string
}

func newSeeder(t *testing.T, d *deployment, idp *upstreamtest.IDP) seeder {
	t.Helper()
	env, config := d.env(t), naive(idp)
	config.Client.ID = "seeder"
	config.Claims = claims.Rules{
		SkipConfirmation: true, Localpart: claims.Localpart{Action: mas.ImportRequire}, Email: claims.Email{Trust: claims.TrustDirectory},
	}
	d.add(idp, mustEntry(t, config, env), env)
	return seeder{idp, string(env.ID)}
}

// seed makes the accounts that exist before.
func (l *liveLogin) seed(t *testing.T, by seeder) {
	t.Helper()
	for _, account := range l.accounts {
		name := "seed-" + account.Localpart
		c := map[string]any{"preferred_username": account.Localpart, "name": "Seed", "email_verified": true, "groups": []string{"staff"}}
		if len(account.Emails) > 0 {
			c["email"] = account.Emails[0]
		}
		provider := by.provider
		if len(account.Subjects) > 0 {
			c["sub"], provider = account.Subjects[0], l.provider
		}
		switch {
		case account.OnlySynapse:
			query(t, l.synapseDB, `INSERT INTO users (name, creation_ts) VALUES ($1, 1) RETURNING name`, "@"+account.Localpart+":example.com")
			continue
		default:
			l.idp.PutUser(upstreamtest.User{Name: name, Claims: c})
			p := newPerson(t, l.site.AccountURL)
			page := p.logIn(l.idp, provider, name)
			if signedIn(page) == "" {
				page = p.submit(page, "csrf", nil)
			}
			require.Equal(t, account.Localpart, signedIn(page), page.text)
		}
		if account.Inactive {
			query(t, l.db, `UPDATE users SET locked_at = now() WHERE username = $1 RETURNING username`, account.Localpart)
		}
	}
}

func (l *liveLogin) run(t *testing.T, by seeder) {
	l.seed(t, by)
	sent := upstream.Claims{IDToken: l.claims, CallbackParameters: map[string]any{"iss": l.idp.Issuer}}
	for name, value := range l.callback {
		sent.CallbackParameters[name] = value
	}
	if l.entry.FetchUserinfo {
		sent.Userinfo = l.claims
	}
	explained, problems := upstream.Explainer{ServerName: "example.com", Accounts: l.accounts}.Explain(l.entry, sent)
	require.NoError(t, problems.Err())
	require.Equal(t, l.want, explained.Outcome, explained)
	require.Equal(t, l.predicted(explained), l.seen(t))
}

// predicted is the explanation in the words of the test.
func (l *liveLogin) predicted(e upstream.Explanation) loginResult {
	r := loginResult{Outcome: e.Outcome, Status: e.Status, User: e.User, Subject: e.Subject.Value, Label: e.AccountName.Value}
	if e.Outcome == upstream.OutcomeRegistered {
		r.Localpart, r.Email, r.DisplayName = show(e.Localpart), show(e.Email), show(e.DisplayName)
		switch {
		case e.Localpart.Use == upstream.UseAsked && e.Localpart.Action == mas.ImportForce:
			r.Steps, r.Outcome = []string{"HTTP 500"}, ""
		case e.DisplayNameStep:
			r.Steps, r.DisplayName = []string{"display-name"}, ""
		}
		if e.RegistrationToken {
			r.Steps = append(r.Steps, "token")
		}
		switch e.Localpart.Use {
		case upstream.UseAsked:
			r.User = l.typed
		case upstream.UsePrefilled:
			r.User = e.Localpart.Value
		}
		if !e.Form {
			r.Localpart, r.Email, r.DisplayName = "", "", ""
		}
	}
	if slices.Contains(r.Steps, "HTTP 500") || slices.Contains(r.Steps, "token") {
		r.User = ""
	}
	if r.User == "" || e.Outcome == upstream.OutcomeLoggedIn {
		r.Subject = ""
	}
	if r.User == "" || e.AccountName.Use != upstream.UseStored {
		r.Label = ""
	}
	if e.Outcome == upstream.OutcomeRegistered && r.User != "" {
		r.Stored = []string{r.User} // which Synapse shows where there is no display name
		for _, f := range []upstream.Field{e.DisplayName, e.Email} {
			if f.Use == upstream.UseForced || f.Use == upstream.UsePrefilled {
				r.Stored = append(r.Stored, f.Value)
			}
		}
		if !e.DisplayNameStep {
			r.Stored = r.Stored[1:]
		}
	}
	return r
}

func show(f upstream.Field) string {
	switch f.Use {
	case upstream.UsePrefilled, upstream.UseForced:
		return string(f.Use) + " " + f.Value
	}
	return string(f.Use)
}

// seen logs the person in and tells what happened.
func (l *liveLogin) seen(t *testing.T) loginResult {
	t.Helper()
	l.idp.PutUser(upstreamtest.User{Name: l.typed, Claims: l.claims, CallbackParameters: l.callback})
	before := l.links(t)
	p := newPerson(t, l.site.AccountURL)
	page := p.logIn(l.idp, l.provider, l.typed)
	var r loginResult
	if form, ok := registration(page); ok {
		r = form
		values := map[string]string{}
		if r.Localpart == "asked" {
			values["username"] = l.typed
		}
		page = p.submit(page, "csrf", values)
	}
	page = r.followSteps(p, page)
	r.judge(page, l, before)
	if r.User = signedIn(page); r.User == "" {
		return r
	}
	links := l.links(t)
	require.Contains(t, links, r.User)
	if links[r.User] != before[r.User] {
		r.Subject, r.Label, _ = strings.Cut(links[r.User], "\n")
	}
	if r.Outcome == upstream.OutcomeRegistered {
		r.Stored = l.stored(t, r.User)
	}
	return r
}

// stored are the display name that Synapse has and the addresses that MAS has.
func (l *liveLogin) stored(t *testing.T, user string) []string {
	t.Helper()
	return append([]string{l.displayName(t, user)},
		query(t, l.db, `SELECT email FROM user_emails JOIN users USING (user_id) WHERE username = $1`, user)...)
}

// displayName is that of Synapse, as soon as MAS has told it of the user.
func (d *deployment) displayName(t *testing.T, user string) string {
	t.Helper()
	var names []string
	require.Eventually(t, func() bool {
		names = query(t, d.synapseDB, `SELECT displayname FROM profiles WHERE full_user_id = $1 AND displayname IS NOT NULL`, "@"+user+":example.com")
		return len(names) > 0
	}, 30*time.Second, 100*time.Millisecond)
	return names[0]
}

// links are the links of the provider, by the name of the account.
func (l *liveLogin) links(t *testing.T) map[string]string {
	t.Helper()
	links := map[string]string{}
	for _, row := range query(t, l.db, `SELECT u.username || ' ' || l.subject || E'\n' || coalesce(l.human_account_name, '')
		FROM upstream_oauth_links l JOIN users u USING (user_id)
		WHERE l.upstream_oauth_provider_id = $1 ORDER BY l.created_at`, uuidOf(t, l.provider)) {
		user, link, _ := strings.Cut(row, " ")
		links[user] = link
	}
	return links
}

// registration reads the form by which an account is made.
func registration(page masPage) (loginResult, bool) {
	for _, form := range page.forms {
		if form.inputs["action"].value != "register" {
			continue
		}
		r := loginResult{Email: form.offered("email", "import_email"), DisplayName: form.offered("display_name", "import_display_name")}
		switch username, ok := form.inputs["username"]; {
		case ok && username.value == "":
			r.Localpart = "asked"
		case ok:
			r.Localpart = "prefilled " + username.value
		default:
			r.Localpart = "forced " + strings.TrimSuffix(strings.TrimPrefix(form.inputs["mxid"].value, "@"), ":example.com")
		}
		return r, true
	}
	return loginResult{}, false
}

// offered is a value that the form has; the person may leave it out if there is a box.
func (f masForm) offered(name, box string) string {
	in, ok := f.inputs[name]
	if !ok {
		return ""
	}
	if _, optional := f.inputs[box]; optional {
		return "prefilled " + in.value
	}
	return "forced " + in.value
}

// followSteps skips what can be skipped.
func (r *loginResult) followSteps(p person, page masPage) masPage {
	if page.status == 500 && r.Localpart != "" {
		r.Steps = append(r.Steps, "HTTP 500")
	}
	for strings.Contains(page.url.Path, "/register/steps/") {
		step := page.url.Path[strings.LastIndex(page.url.Path, "/")+1:]
		if step != "display-name" && step != "token" {
			break
		}
		r.Steps = append(r.Steps, step)
		if step == "token" {
			break
		}
		page = p.submit(page, "csrf", map[string]string{"action": "skip"})
	}
	return page
}

// judge tells the outcome by the last page.
func (r *loginResult) judge(page masPage, l *liveLogin, before map[string]string) {
	if name := signedIn(page); name != "" {
		existed := slices.ContainsFunc(l.accounts, func(a upstream.Account) bool { return a.Localpart == name && !a.OnlySynapse })
		switch {
		case !existed:
			r.Outcome = upstream.OutcomeRegistered
		case strings.HasPrefix(before[name], fmt.Sprint(l.claims["sub"])+"\n"):
			r.Outcome = upstream.OutcomeLoggedIn
		default:
			r.Outcome = upstream.OutcomeLinked
		}
		return
	}
	if slices.Contains(r.Steps, "HTTP 500") {
		return
	}
	if slices.Contains(r.Steps, "token") {
		r.Outcome = upstream.OutcomeRegistered
		return
	}
	r.Status = page.status
	r.Outcome = upstream.Outcome("unknown: " + page.url.Path + " " + page.text)
	for text, outcome := range map[string]upstream.Outcome{
		"Subject is empty":            upstream.OutcomeDenied,
		"Could not extract subject":   upstream.OutcomeSubjectFailed,
		"rendered to an empty string": upstream.OutcomeClaimRequired,
		"could not be rendered":       upstream.OutcomeClaimRequired,
		"User exists":                 upstream.OutcomeUserExists,
		"Policy error":                upstream.OutcomeNameRefused,
		"Localpart not available":     upstream.OutcomeNameUnavailable,
		"already in use":              upstream.OutcomeEmailInUse,
		"Account locked":              upstream.OutcomeAccountInactive,
	} {
		if strings.Contains(page.text, text) {
			r.Outcome, r.Localpart, r.Email, r.DisplayName, r.Steps = outcome, "", "", "", nil
		}
	}
}

// signedIn is the name that the front page greets.
func signedIn(page masPage) string {
	found := regexp.MustCompile(`Signed in as (\S+) \.`).FindStringSubmatch(page.text)
	if found == nil {
		return ""
	}
	return found[1]
}

// uuidOf is a ULID as PostgreSQL has it.
func uuidOf(t *testing.T, id string) string {
	t.Helper()
	require.NoError(t, maskit.ULID(id).Validate())
	parsed, err := ulid.Parse(id)
	require.NoError(t, err)
	return fmt.Sprintf("%x-%x-%x-%x-%x", parsed[0:4], parsed[4:6], parsed[6:8], parsed[8:10], parsed[10:16])
}
