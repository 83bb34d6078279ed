package keycloak

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// exportGuard finds what an earlier spec demands of logins: that is told from the flows
// with its marks that are in use. Flows of others are left alone.
func (r *run) exportGuard(ctx context.Context, spec *Spec) error {
	action, err := r.setUpTOTP(ctx)
	if err != nil {
		return err
	}
	if action != nil {
		spec.MFA.EnrolNewUsers = exporter{action}.flag("defaultAction")
	}
	lines, err := r.usedFlow(ctx, spec.loginFlow(), clientUse(spec.Client, false))
	if err != nil {
		return err
	}
	if asksForCodes(lines) {
		spec.MFA.TOTP = MFAClient
		for _, name := range []string{attrLevels, attrDefaultLevel, attrMinimumLevel} {
			delete(spec.Client.Attributes, name)
		}
	}
	role := spec.Client.ID + "." + memberRole
	if slices.ContainsFunc(lines, func(line string) bool { return setting(line, "condUserRole") == role }) {
		if err := r.exportGroup(ctx, &spec.Client, lines); err != nil {
			return err
		}
	}
	if len(lines) > 0 {
		marker := spec.Client.marker()
		spec.Client.DefaultScopes = slices.DeleteFunc(spec.Client.DefaultScopes, func(name string) bool { return name == marker })
	}
	lines, err = r.usedFlow(ctx, spec.realmFlow(), realmUse(r.realm, "browserFlow", builtInBrowserFlow))
	if err == nil && len(lines) > 0 && spec.MFA.TOTP == "" {
		spec.MFA.TOTP = MFARealm
	}
	return err
}

// usedFlow is the outline of a flow that an earlier spec made, if it is in use.
func (r *run) usedFlow(ctx context.Context, f flow, u use) ([]string, error) {
	s := flowState{shape: shape{uses: []use{u}}, named: map[string]string{}}
	if err := s.find(ctx, r, f.mark); err != nil {
		return nil, err
	}
	holder, err := u.object(nil).read(ctx, r)
	if err != nil {
		return nil, err
	}
	bound := text(holder.raw, u.at...)
	for _, ref := range s.ours {
		if bound != "" && bound == u.name(ref) {
			return r.flowOutline(ctx, ref, map[string]bool{"conditional-user-role": true, "deny-access-authenticator": true})
		}
	}
	return nil, nil
}

// asksForCodes tells the two ways in which a client demands codes, see [Spec.loginShape].
func asksForCodes(lines []string) bool {
	for i, line := range lines {
		if strings.HasPrefix(strings.TrimSpace(line), "conditional-level-of-authentication ") {
			return true
		}
		if line == "sub-flow required" && i+1 < len(lines) && lines[i+1] == "  auth-otp-form required" {
			return true
		}
	}
	return false
}

// exportGroup finds the group that has the role by which members are known.
func (r *run) exportGroup(ctx context.Context, c *Client, lines []string) error {
	path, err := c.ref().path(ctx, r, "roles", memberRole, "groups")
	if err != nil {
		return err
	}
	var holders []map[string]any
	if _, err := r.get(ctx, path+fmt.Sprintf("?first=0&max=%d", holdersPerPage), &holders); err != nil {
		return err
	}
	if groups := paths(holders); len(groups) > 0 && isGroupPath(groups[0]) {
		c.RequireGroup = Set(groups[0])
	}
	for _, line := range lines {
		if message := setting(line, "denyErrorMessage"); c.gated() && message != "" && message != denyMessage {
			c.DenyMessage = message
		}
	}
	return nil
}

// setting reads a setting from a line of an outline.
func setting(line, key string) string {
	_, rest, found := strings.Cut(line, " "+key+"=")
	if !found {
		return ""
	}
	quoted, err := strconv.QuotedPrefix(rest)
	if err != nil {
		return ""
	}
	value, err := strconv.Unquote(quoted)
	if err != nil {
		return ""
	}
	return value
}
