package keycloak

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/maskit-dev/maskit"
)

// Export returns a realm and one of its clients as a spec: planning it changes
// nothing. It is the way to adopt what was set up by hand. The client's required group
// and demand for codes are in it if an earlier spec made them; flows that somebody else
// made stay as they are. Not in it are groups and users, since looking for them costs as
// much as there are, and what the server never shows: see [Spec.UnknownSecrets].
//
// The account needs view-realm, view-clients and view-identity-providers. Without
// view-realm there is the client alone.
//
// What is refused as too risky and stands in the realm all the same, such as a SAML provider
// whose signatures are not checked, is acknowledged in the spec, and is a warning of
// [Spec.Validate] then. Two directories of one name are there both, and an error of it: only
// the server can tell them apart, until one is renamed there.
//
// Everything is spelled out. To move the client to the safe settings, keep its id, its
// secret and its mappers, set Site and Provider, and look at the plan.
func (p *Provisioner) Export(ctx context.Context, realm, clientID string) (Spec, error) {
	fail := func(err error) (Spec, error) {
		return Spec{}, fmt.Errorf("keycloak: export client %s of realm %s: %w", clientID, realm, err)
	}
	spec := Spec{Realm: Realm{Name: realm}, Client: Client{ID: clientID, Enabled: Set(true)}}
	if err := spec.Validate().Err(); err != nil {
		return fail(err)
	}
	r := p.newRun(spec)
	able, err := r.features(ctx)
	if err != nil {
		return fail(err)
	}
	have, err := findRealm(ctx, r)
	switch {
	case err != nil:
		return fail(err)
	case have.raw == nil:
		return fail(fmt.Errorf("realm %s: %w", realm, maskit.ErrNotFound))
	}
	raw, err := spec.Client.ref().find(ctx, r)
	switch {
	case err != nil:
		return fail(err)
	case raw == nil:
		return fail(fmt.Errorf("client %s: %w", clientID, maskit.ErrNotFound))
	}
	if err := judgeClient(state{raw: raw}).Err(); err != nil {
		return fail(err)
	}
	spec.Client = exportClient(raw)
	if able.known {
		if spec, err = r.exportAround(ctx, have.raw, spec.Client); err != nil {
			return fail(err)
		}
	}
	spec.acknowledgeRisks()
	return spec, nil
}

// acknowledgeRisks accepts what Validate refuses although the realm has it: else the spec
// could not be planned.
func (s *Spec) acknowledgeRisks() {
	for _, p := range s.problems() {
		if p.Severity == maskit.SeverityError && slices.Contains([]string{codeSAMLUnsigned, codeDirectGrant, codeRegistration}, p.Code) {
			s.Acknowledge = append(s.Acknowledge, maskit.Ack{Code: p.Code, Path: p.Path})
		}
	}
}

// exportAround has the client, and everything around it.
func (r *run) exportAround(ctx context.Context, realm map[string]any, client Client) (Spec, error) {
	spec := exportRealm(realm)
	spec.Client = client
	var err error
	if spec.UserProfile, err = r.exportProfile(ctx); err != nil {
		return spec, fmt.Errorf("read the user profile: %w", err)
	}
	if spec.LDAP, err = r.exportLDAP(ctx); err != nil {
		return spec, fmt.Errorf("read the directories: %w", err)
	}
	if spec.IdentityProviders, err = r.exportProviders(ctx); err != nil {
		return spec, fmt.Errorf("read the identity providers: %w", err)
	}
	if err = r.exportGuard(ctx, &spec); err != nil {
		return spec, fmt.Errorf("read the flows: %w", err)
	}
	return spec, nil
}

// exportRealm is what the parts of a spec say about a realm representation.
func exportRealm(raw map[string]any) Spec {
	from := exporter{raw}
	return Spec{
		Realm: Realm{
			Name: text(raw, "realm"), DisplayName: text(raw, "displayName"), SSLRequired: SSLRequired(text(raw, "sslRequired")),
			Registration: from.flag("registrationAllowed"), ResetPassword: from.flag("resetPasswordAllowed"), RememberMe: from.flag("rememberMe"),
			VerifyEmail: from.flag("verifyEmail"), LoginWithEmail: from.flag("loginWithEmailAllowed"),
			DuplicateEmails: from.flag("duplicateEmailsAllowed"), EditUsername: from.flag("editUsernameAllowed"),
			SSOSessionIdle: from.seconds("ssoSessionIdleTimeout"), SSOSessionMax: from.seconds("ssoSessionMaxLifespan"),
			AccessTokenLifespan: from.seconds("accessTokenLifespan"), Attributes: realmAttributes(raw),
		},
		BruteForce:     exportBruteForce(from),
		PasswordPolicy: parsePasswordPolicy(text(raw, "passwordPolicy")),
		Events: Events{
			Save: from.flag("eventsEnabled"), Types: nonEmpty(textList(raw["enabledEventTypes"])), Expiration: from.seconds("eventsExpiration"),
			SaveAdmin: from.flag("adminEventsEnabled"), AdminDetails: from.flag("adminEventsDetailsEnabled"),
			Listeners: nonEmpty(textList(raw["eventsListeners"])),
		},
	}
}

// realmAttributes are those that somebody set. Keycloak shows others in every realm: settings
// that have a place of their own in it too, and some that have none.
func realmAttributes(realm map[string]any) map[string]string {
	out := texts(attributesOf(realm))
	maps.DeleteFunc(out, func(name, value string) bool {
		_, elsewhere := realm[name]
		return elsewhere || value == "" || slices.Contains([]string{
			"cibaBackchannelTokenDeliveryMode", "cibaExpiresIn", "cibaInterval", "cibaAuthRequestedUserHint", "parRequestUriLifespan", "realmReusableOtpCode",
		}, name)
	})
	return out
}

func exportBruteForce(from exporter) BruteForce {
	b := BruteForce{
		Lockout: LockoutOff, MaxFailures: from.number("failureFactor"),
		WaitIncrement: from.seconds("waitIncrementSeconds"), MaxWait: from.seconds("maxFailureWaitSeconds"),
		ResetAfter: from.seconds("maxDeltaTimeSeconds"), QuickLoginMilliseconds: from.number("quickLoginCheckMilliSeconds"),
		QuickLoginWait: from.seconds("minimumQuickLoginWaitSeconds"),
	}
	protected, permanent, before := from.flag("bruteForceProtected").V, from.flag("permanentLockout").V, from.number("maxTemporaryLockouts")
	switch {
	case protected && permanent && before > 0:
		b.Lockout, b.TemporaryLockouts = LockoutMixed, before
	case protected && permanent:
		b.Lockout = LockoutPermanent
	case protected:
		b.Lockout = LockoutTemporary
	}
	return b
}

// exporter reads settings from a representation, in which what is false, zero or
// empty may be absent.
type exporter struct{ raw map[string]any }

func (e exporter) flag(key string) Opt[bool] {
	v, _ := e.raw[key].(bool)
	return Set(v)
}

func (e exporter) flagText(key string) Opt[bool] { return Set(text(e.raw, key) == "true") }

func (e exporter) number(key string) int {
	n, _ := e.raw[key].(json.Number)
	v, err := n.Int64()
	if err != nil || v < 0 {
		return 0
	}
	return int(v)
}

func (e exporter) seconds(key string) Seconds { return Seconds(e.number(key)) } //nolint:gosec // times of Keycloak are 32-bit numbers

func nonEmpty(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}
