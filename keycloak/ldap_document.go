package keycloak

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

const userStorage = "org.keycloak.storage.UserStorageProvider"

func (l LDAP) subject() string { return ldapRule().kind + " " + l.Name }

// ldapObjects has the directories, each followed by its mappers.
func ldapObjects(_ context.Context, r *run) ([]object, error) {
	var objects []object
	for i, l := range r.spec.LDAP {
		objects = append(objects, l.object(fmt.Sprintf("ldap[%d]", i)))
		usual := len(l.whole().Mappers) - len(l.Mappers)
		for j, m := range l.whole().Mappers {
			path := fmt.Sprintf("ldap[%d]", i)
			if j >= usual {
				path += fmt.Sprintf(".mappers[%d]", j-usual)
			}
			objects = append(objects, m.object(path, l.whole()))
		}
	}
	return objects, nil
}

func (l LDAP) object(path string) object {
	return component{document{
		rule: ldapRule(), name: l.Name, fields: l.fields(), initial: l.initial(),
		find:       l.find,
		collection: components,
		item:       componentItem,
		judge:      func(have state) maskit.Problems { return below(path, l.judge(have)) },
		outgoing:   l.outgoing,
	}, func(ctx context.Context, r *run) (string, error) { return r.realmID(ctx) }}
}

func components(_ context.Context, r *run) (string, error) { return r.path("components"), nil }

func componentItem(_ context.Context, r *run, raw map[string]any) (string, error) {
	return r.path("components", text(raw, "id")), nil
}

// realmID is the id of the realm, which its components name as their parent; empty if there
// is no realm.
func (r *run) realmID(ctx context.Context) (string, error) {
	have, err := findRealm(ctx, r)
	if err != nil || have.raw == nil {
		return "", err
	}
	id := text(have.raw, "id")
	if id == "" {
		return "", fmt.Errorf("the account may not see the realm, it needs the role view-realm: %w", maskit.ErrForbidden)
	}
	return id, nil
}

func (l LDAP) find(ctx context.Context, r *run) (state, error) {
	realm, err := r.realmID(ctx)
	if err != nil || realm == "" {
		return state{}, err
	}
	return r.component(ctx, url.Values{"parent": {realm}, "type": {userStorage}, "name": {l.Name}}, l.Name)
}

// component finds one by its name, which several may have. More is how many there are.
func (r *run) component(ctx context.Context, query url.Values, name string) (state, error) {
	list, err := r.components(ctx, query)
	list = slices.DeleteFunc(list, func(raw map[string]any) bool { return text(raw, "name") != name })
	if err != nil || len(list) == 0 {
		return state{}, err
	}
	return state{raw: list[0], more: len(list)}, nil
}

// components lists components, and shows settings that have one value as that.
func (r *run) components(ctx context.Context, query url.Values) ([]map[string]any, error) {
	var list []map[string]any
	_, err := r.get(ctx, r.path("components")+"?"+query.Encode(), &list)
	for _, raw := range list {
		config, _ := raw["config"].(map[string]any)
		for key, value := range config {
			if values, ok := value.([]any); ok && len(values) == 1 {
				config[key] = values[0]
			}
		}
	}
	return list, err
}

// component is an object that is a component at the server, of which there may be several
// with one name. So that two runs do not make two, a new one gets an id that follows from
// its name: the second is refused, and adopts the first.
type component struct {
	document
	parent func(ctx context.Context, r *run) (string, error)
}

// write writes one component at a time: the server fails where two write one (26.7). If
// another process was faster, its work is as good.
func (c component) write(ctx context.Context, r *run, _ state) error {
	if err := r.p.realms.take(ctx); err != nil {
		return err
	}
	defer r.p.realms.done()
	clear(r.memo)
	have, err := c.find(ctx, r)
	if err != nil || c.settled(have) {
		return err
	}
	d := c.document
	if have.raw == nil {
		parent, err := c.parent(ctx, r)
		if err != nil {
			return err
		}
		d.initial = maps.Clone(d.initial)
		d.initial["parentId"], d.initial["id"] = parent, componentID(parent, d.subject())
	}
	refusal := d.write(ctx, r, have)
	if refusal == nil || ctx.Err() != nil {
		return refusal
	}
	if have, err = c.find(ctx, r); err == nil && c.settled(have) {
		return nil
	}
	return refusal
}

func (c component) settled(have state) bool { return c.compare(have).action == maskit.ActionUnchanged }

// componentID is as long as those that Keycloak makes for user storage, since ids of users
// are made from it.
func componentID(parent, subject string) string {
	sum := sha256.Sum256([]byte(parent + "\x00" + subject))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

func (l LDAP) judge(have state) maskit.Problems {
	var ps maskit.Problems
	if n, _ := have.more.(int); n > 1 {
		ps = append(ps, maskit.Problem{
			Path: "name", Code: "ldap-ambiguous", Message: fmt.Sprintf("is the name of %d federations in the realm", n), Hint: "rename all but one in Keycloak; removing one removes its people",
		})
	}
	if is := text(have.raw, "providerId"); have.raw != nil && is != "ldap" {
		ps = append(ps, maskit.Problem{Path: "name", Code: "not-ldap", Message: fmt.Sprintf("is the name of a federation of another type, %q", is), Hint: "use another name"})
	}
	if lacking := l.lacking(); have.raw == nil && len(lacking) > 0 {
		ps = append(ps, maskit.Problem{Code: "ldap-incomplete", Message: "does not exist yet, and cannot work without " + strings.Join(lacking, ", "), Hint: "set them"})
	}
	if before := text(have.raw, "config", "importEnabled"); before != "" && l.Import.Valid && before != fmt.Sprint(l.Import.V) {
		ps = append(ps, maskit.Problem{
			Path: "import", Code: "ldap-import-changes", Message: "is changed, and with it what MAS knows people by: they become strangers",
			Hint: "leave it alone, or acknowledge this",
		})
	}
	if differ(l.fields(), have.raw) {
		ps = append(ps, l.judgeModes(have)...)
	}
	return ps
}

// judgeModes finds settings that Keycloak refuses beside the edit mode (26.7 and 26.0), one
// of which may stand in the spec and the other one at the server.
func (l LDAP) judgeModes(have state) maskit.Problems {
	var ps maskit.Problems
	mode := l.will(have, "editMode")
	if mode != "" && mode != "WRITABLE" && l.will(have, "validatePasswordPolicy") == "true" {
		ps = append(ps, maskit.Problem{
			Path: "config.validatePasswordPolicy", Code: "contradiction", Message: "is for the edit mode writable: in others Keycloak sets no passwords", Hint: "remove it, or set edit_mode to writable",
		})
	}
	if mode == "UNSYNCED" && l.will(have, "importEnabled") == "false" {
		ps = append(ps, maskit.Problem{
			Path: "edit_mode", Code: "contradiction", Message: "keeps changes in Keycloak's copy of people, and without import there is none", Hint: "use read_only or writable",
		})
	}
	return ps
}

// will is a setting as it is going to be.
func (l LDAP) will(have state, key string) string {
	after := have.raw
	if after == nil {
		after, _ = normal(l.initial()).(map[string]any)
	}
	value := text(after, "config", key)
	for _, f := range l.fields() {
		if f.path[len(f.path)-1] == key && !f.satisfied(value) {
			value, _ = f.want.(string)
		}
	}
	return value
}

// initial is what a new directory has besides.
func (l LDAP) initial() map[string]any {
	return map[string]any{
		"name": l.Name, "providerId": "ldap", "providerType": userStorage,
		"config": map[string]any{
			"enabled": "true", "priority": "0", "editMode": "READ_ONLY", "importEnabled": "true", "syncRegistrations": "false", "authType": "none", "searchScope": "2",
			"useTruststoreSpi": "always", "pagination": "true", "connectionPooling": "true", "cachePolicy": "DEFAULT", "batchSizeForSync": "1000",
			"fullSyncPeriod": "-1", "changedSyncPeriod": "-1", "connectionTimeout": "5000", "readTimeout": "30000",
		},
	}
}

// lacking are the settings without which a new federation cannot work.
func (l LDAP) lacking() []string {
	whole := l.whole()
	var out []string
	for _, setting := range []struct{ name, value string }{
		{"url", l.URL},
		{"users_dn", l.UsersDN},
		{"username_attribute", whole.UsernameAttribute},
		{"rdn_attribute", whole.RDNAttribute},
		{"uuid_attribute", whole.UUIDAttribute},
		{"object_classes", strings.Join(whole.ObjectClasses, "")},
	} {
		if setting.value == "" {
			out = append(out, setting.name)
		}
	}
	if l.BindDN.V != "" && l.BindCredential.IsZero() {
		out = append(out, "bind_credential")
	}
	return out
}

// outgoing sends the password whenever something is sent: what the server shows of it is a
// mask, which would keep a former one.
func (l LDAP) outgoing(body map[string]any) map[string]any {
	if !l.BindCredential.IsZero() {
		place(body, []string{"config", "bindCredential"}, l.BindCredential.Reveal())
	}
	return listed(body)
}
