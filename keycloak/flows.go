package keycloak

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/maskit-dev/maskit"
)

// flowObjects has the flows that the spec makes, and those that it does not want any
// more.
func flowObjects(_ context.Context, r *run) ([]object, error) {
	s := r.spec
	var objects []object
	add := func(wanted, managed bool, f flow) {
		switch {
		case wanted:
			objects = append(objects, f)
		case managed:
			objects = append(objects, flowRemoval(f))
		}
	}
	managed := s.Client.RequireGroup.Valid || s.MFA.TOTP != ""
	if s.Client.ID != "" {
		add(s.guardsClient(), managed, s.loginFlow())
	}
	add(s.MFA.TOTP == MFARealm, s.MFA.TOTP != "", s.realmFlow())
	add(s.guardsLogins(), managed, s.brokerFlow())
	add(s.guardsLogins(), managed, s.resetFlow())
	return objects, nil
}

// guardsClient reports whether logins to the client are guarded by a flow of its own.
func (s Spec) guardsClient() bool { return s.Client.gated() || s.MFA.TOTP == MFAClient }

// guardsLogins reports whether any logins are guarded, those at identity providers among
// them.
func (s Spec) guardsLogins() bool { return s.Client.gated() || s.MFA.TOTP.on() }

// owner names whom the flows belong to that the realm has one of.
func (s Spec) owner() string {
	if s.Client.ID != "" {
		return s.Client.ref().subject()
	}
	return "realm " + s.Realm.Name
}

// ownerName is the owner in names of flows.
func (s Spec) ownerName() string {
	if s.Client.ID != "" {
		return "client-" + plainName(s.Client.ID)
	}
	return "realm-" + plainName(s.Realm.Name)
}

func (s Spec) loginFlow() flow {
	of := s.Client.ref().subject()
	return flow{what: "login flow of " + of, mark: "maskit: login to " + of, alias: plainName(s.Client.ID) + " login", shape: s.loginShape}
}

func (s Spec) realmFlow() flow {
	return flow{what: "login flow of realm " + s.Realm.Name, mark: "maskit: login to the realm", alias: "maskit login", shape: s.realmShape}
}

func (s Spec) brokerFlow() flow {
	of := s.owner()
	return flow{what: "flow after brokered logins for " + of, mark: "maskit: after brokered logins for " + of, alias: s.ownerName() + " after brokered login", shape: s.brokerShape}
}

func (s Spec) resetFlow() flow {
	of := s.owner()
	return flow{what: "password reset flow for " + of, mark: "maskit: password reset for " + of, alias: s.ownerName() + " password reset", shape: s.resetShape}
}

// surroundings is what decides about flows besides the spec's words about them.
type surroundings struct {
	able   features
	realm  map[string]any
	client map[string]any
	// brokers are the identity providers of the realm.
	brokers []map[string]any
	// registration and resetPassword are as they will be once the spec is applied.
	registration, resetPassword bool
}

func (r *run) surroundings(ctx context.Context) (surroundings, error) {
	have, err := findRealm(ctx, r)
	if err != nil {
		return surroundings{}, err
	}
	if have.raw != nil && text(have.raw, "id") == "" {
		return surroundings{}, fmt.Errorf("the account may not see the realm, it needs the role view-realm: %w", maskit.ErrForbidden)
	}
	s := surroundings{realm: have.raw}
	s.registration = r.spec.Realm.Registration.Or(have.raw["registrationAllowed"] == true).V
	s.resetPassword = r.spec.Realm.ResetPassword.Or(have.raw["resetPasswordAllowed"] == true).V
	if s.able, err = r.features(ctx); err != nil {
		return surroundings{}, err
	}
	if r.spec.Client.ID != "" {
		if s.client, err = r.spec.Client.ref().find(ctx, r); err != nil {
			return surroundings{}, err
		}
	}
	brokers, err := r.brokers(ctx)
	s.brokers = r.spec.withPlanned(brokers)
	return s, err
}

// conditions reports whether flows can tell clients apart. Of a server of which nothing
// is known yet it is assumed.
func (s surroundings) conditions() bool { return s.able.clientConditions || !s.able.known }

// brokersPerPage is as many identity providers as one request asks for.
const brokersPerPage = 100

// brokers are the identity providers of the realm.
func (r *run) brokers(ctx context.Context) ([]map[string]any, error) {
	var all []map[string]any
	for {
		var page []map[string]any
		query := url.Values{"first": {fmt.Sprint(len(all))}, "max": {fmt.Sprint(brokersPerPage)}}
		if _, err := r.get(ctx, r.path("identity-provider", "instances")+"?"+query.Encode(), &page); err != nil {
			return nil, err
		}
		if all = append(all, page...); len(page) < brokersPerPage {
			return all, nil
		}
	}
}

// openBrokers are the identity providers that people can log in with.
func (s surroundings) openBrokers() []map[string]any {
	return slices.DeleteFunc(slices.Clone(s.brokers), func(raw map[string]any) bool { return !isOpen(raw) })
}

func isOpen(broker map[string]any) bool {
	return broker["enabled"] == true && broker["linkOnly"] != true
}

// among reports whether one of the flows has that alias.
func among(flows []flowRef, alias string) bool {
	return slices.ContainsFunc(flows, func(f flowRef) bool { return f.alias == alias })
}
