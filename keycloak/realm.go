package keycloak

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
)

// Realm is a realm and its settings.
type Realm struct {
	// Name is the name of the realm, in its exact case. Required; never master, whose
	// users administer the server.
	Name string `yaml:"name"`
	// Create makes the realm if there is none. Without it a missing realm is a
	// problem, since its name may be mistyped.
	Create bool `yaml:"create"`
	// DisplayName is what people read on the login page.
	DisplayName string `yaml:"display_name"`
	// SSLRequired says who must use https: all, external or none.
	SSLRequired SSLRequired `yaml:"ssl_required"`
	// Registration lets people make accounts for themselves. Their first login then goes
	// past the flow of the client, so it and RequireGroup exclude each other.
	Registration Opt[bool] `yaml:"registration"`
	// ResetPassword shows "Forgot password?".
	ResetPassword Opt[bool] `yaml:"reset_password"`
	// RememberMe shows "Remember me".
	RememberMe Opt[bool] `yaml:"remember_me"`
	// VerifyEmail makes people prove their address.
	VerifyEmail Opt[bool] `yaml:"verify_email"`
	// LoginWithEmail accepts the address in place of the user name.
	LoginWithEmail Opt[bool] `yaml:"login_with_email"`
	// DuplicateEmails lets several users have one address.
	DuplicateEmails Opt[bool] `yaml:"duplicate_emails"`
	// EditUsername lets people change their user name, from which MAS makes the Matrix
	// user name at the first login.
	EditUsername Opt[bool] `yaml:"edit_username"`
	// SSOSessionIdle ends a session without activity. 0 leaves it alone.
	SSOSessionIdle Seconds `yaml:"sso_session_idle"`
	// SSOSessionMax ends every session. 0 leaves it alone.
	SSOSessionMax Seconds `yaml:"sso_session_max"`
	// AccessTokenLifespan is the life of access tokens. 0 leaves it alone.
	AccessTokenLifespan Seconds `yaml:"access_token_lifespan"`
	// Attributes are realm attributes; the empty string removes one.
	Attributes map[string]string `yaml:"attributes"`
}

// SSLRequired says from where plain http is refused.
type SSLRequired string

// The values of SSLRequired.
const (
	SSLAll      SSLRequired = "all"
	SSLExternal SSLRequired = "external" // all but loopback and private addresses; Keycloak's default
	SSLNone     SSLRequired = "none"
)

// reservedInNames are the characters that Keycloak refuses in names of realms and
// identity providers (seen in 26.7 and 26.0).
const reservedInNames = `:/?#@!$&()*+,;=[]\`

func (r Realm) validate() maskit.Problems {
	var ps maskit.Problems
	switch {
	case r.Name == "":
		ps = append(ps, missing("name", "the name of the realm, in its exact case"))
	case strings.EqualFold(r.Name, "master"):
		ps = append(ps, maskit.Problem{
			Path: "name", Code: "master-realm", Message: "is the realm of the server's administrators",
			Hint: "use a realm of its own for people",
		})
	case strings.ContainsAny(r.Name, reservedInNames) || isDots(r.Name) || len(r.Name) > 255:
		ps = append(ps, maskit.Problem{
			Path: "name", Code: "realm-name", Message: "is a name that Keycloak refuses, or longer than 255 bytes",
			Hint: "use none of " + reservedInNames + ", and something beside dots",
		})
	}
	switch r.SSLRequired {
	case "", SSLAll, SSLExternal, SSLNone:
	default:
		ps = append(ps, maskit.Problem{Path: "ssl_required", Code: "unknown-value", Message: "is none of all, external and none"})
	}
	for _, name := range slices.Sorted(maps.Keys(r.Attributes)) {
		if name == "" {
			ps = append(ps, maskit.Problem{Path: "attributes", Code: "required", Message: "an attribute has no name", Hint: "remove it"})
		}
	}
	return ps
}

func (r Realm) fields() []field {
	f := settings{}
	f.text(r.DisplayName, "displayName")
	f.text(string(r.SSLRequired), "sslRequired")
	f.flag(r.Registration, "registrationAllowed")
	f.flag(r.ResetPassword, "resetPasswordAllowed")
	f.flag(r.RememberMe, "rememberMe")
	f.flag(r.VerifyEmail, "verifyEmail")
	f.flag(r.LoginWithEmail, "loginWithEmailAllowed")
	f.flag(r.DuplicateEmails, "duplicateEmailsAllowed")
	f.flag(r.EditUsername, "editUsernameAllowed")
	f.seconds(r.SSOSessionIdle, "ssoSessionIdleTimeout")
	f.seconds(r.SSOSessionMax, "ssoSessionMaxLifespan")
	f.seconds(r.AccessTokenLifespan, "accessTokenLifespan")
	f.entries(r.Attributes, "attributes")
	return f
}

// realmObjects has one document, into which several parts of the spec write: a realm
// is written by one request.
func realmObjects(_ context.Context, r *run) ([]object, error) {
	s := r.spec
	return []object{realmObject{document{
		rule: realmRule(), name: s.Realm.Name,
		fields:     slices.Concat(s.Realm.fields(), s.BruteForce.fields(), s.PasswordPolicy.fields(), s.Events.fields()),
		initial:    map[string]any{"realm": s.Realm.Name, "enabled": true},
		find:       findRealm,
		collection: func(context.Context, *run) (string, error) { return "/admin/realms", nil },
		item:       func(_ context.Context, r *run, _ map[string]any) (string, error) { return r.path(), nil },
	}, s.Realm.Create}}, nil
}

// realmObject is the document with what is special about realms.
type realmObject struct {
	document
	mayCreate bool
}

func findRealm(ctx context.Context, r *run) (state, error) {
	var raw map[string]any
	_, err := r.get(ctx, r.path(), &raw)
	return state{raw: raw}, err
}

// read demands that the realm is shown whole if any setting of it matters: an account
// without the right to view it is shown a few fields only, and so is a service account
// that logged in before somebody made the realm.
func (o realmObject) read(ctx context.Context, r *run) (state, error) {
	have, err := o.document.read(ctx, r)
	switch {
	case err != nil || have.raw == nil || len(o.fields) == 0 || text(have.raw, "id") != "":
		return have, err
	case r.wire.renew():
		clear(r.memo)
		return o.read(ctx, r)
	}
	return have, fmt.Errorf("read realm %s: the account may not see its settings, it needs the role view-realm (and manage-realm to change them): %w", o.name, maskit.ErrForbidden)
}

func (o realmObject) compare(have state) comparison {
	c := o.document.compare(have)
	if c.action == maskit.ActionCreate && !o.mayCreate {
		c.problems = append(c.problems, maskit.Problem{
			Path: "realm.name", Code: "realm-missing", Message: "there is no such realm",
			Hint: "check the spelling, letter case included, or set create",
		})
	}
	return c
}

// write writes one realm at a time, since Keycloak refuses some parallel ones with a
// conflict (26.7), and again if another process was faster.
func (o realmObject) write(ctx context.Context, r *run, have state) error {
	if err := r.p.realms.take(ctx); err != nil {
		return err
	}
	defer r.p.realms.done()
	if have.raw == nil {
		return o.make(ctx, r)
	}
	for attempt := 1; ; attempt++ {
		err := o.rewrite(ctx, r, o.document.compare(have).basis)
		if !errors.Is(err, maskit.ErrConflict) || errors.Is(err, maskit.ErrDrift) || attempt == realmAttempts {
			return err
		}
	}
}

const realmAttempts = 5

// make creates the realm, or adopts the one that is there after a refusal. If another
// process creates it at the same time, one of them is refused before the realm of the
// other can be seen.
func (o realmObject) make(ctx context.Context, r *run) error {
	refusal := r.send(ctx, http.MethodPost, "/admin/realms", o.body())
	r.wire.tokens.renew() // tokens of service accounts hold the roles of the realms that existed
	if refusal == nil || errors.Is(refusal, maskit.ErrForbidden) {
		return refusal
	}
	for range looksForRealm {
		if err := o.rewrite(ctx, r, nil); !errors.Is(err, maskit.ErrNotFound) {
			return err
		}
		if !isRealmRace(refusal) {
			return refusal
		}
		if err := httpx.Wait(ctx, time.Second); err != nil {
			return errors.Join(refusal, err)
		}
		r.wire.tokens.renew()
	}
	return refusal
}

// looksForRealm is how often, once a second, a realm is looked for that seems to be under
// way: its keys take the server a second or two, and far longer if it is busy.
const looksForRealm = 60

// isRealmRace reports whether the realm may be under way: no answer came in time, or a
// refusal says that somebody else creates it. For that 26.0 says 409, and 26.7 says 400
// with this text.
func isRealmRace(err error) bool {
	var late net.Error
	if errors.As(err, &late) && late.Timeout() {
		return true
	}
	var status *maskit.StatusError
	return errors.As(err, &status) && (status.Status == http.StatusConflict ||
		status.Status == http.StatusBadRequest && strings.Contains(status.Code+status.Message, "Database operation failed"))
}

// rewrite reads the realm once more now that no other run of this Provisioner writes it.
// With a basis it refuses what has changed since.
func (o realmObject) rewrite(ctx context.Context, r *run, basis map[string]any) error {
	clear(r.memo)
	have, err := o.read(ctx, r)
	if err != nil {
		return err
	}
	if have.raw == nil {
		return fmt.Errorf("%s %s: %w", http.MethodPut, r.path(), maskit.ErrNotFound)
	}
	now := o.document.compare(have)
	switch {
	case now.action == maskit.ActionUnchanged:
		return nil
	case basis != nil && !sameBasis(basis, now.basis):
		return drift(basis, now.basis)
	}
	return o.update(ctx, r, have.raw)
}
