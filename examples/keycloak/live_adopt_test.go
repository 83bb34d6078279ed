package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	sdk "github.com/maskit-dev/maskit/keycloak"
)

// byHand is how a realm and a client for MAS are often set up: by kcadm.sh, or as much in
// the admin console. REALM stands for its name.
const byHand = `
create realms -s realm=REALM -s enabled=true -s displayName=Staff -s registrationAllowed=true
create clients -r REALM -s clientId=matrix -s secret=made-by-hand-long-ago -s publicClient=false -s directAccessGrantsEnabled=true -s redirectUris=["https://account.example.com/*"] -s webOrigins=["+"] -s frontchannelLogout=true -s fullScopeAllowed=true
create clients/CLIENT/protocol-mappers/models -r REALM -s name=groups -s protocol=openid-connect -s protocolMapper=oidc-group-membership-mapper -s config={"claim.name":"groups","full.path":"false","id.token.claim":"true","access.token.claim":"true","userinfo.token.claim":"true"}
create clients -r REALM -s clientId=wiki -s publicClient=true -s redirectUris=["https://wiki.example.com/*"]
`

// TestLiveAdopt takes over what was set up by hand, without a change, and then brings the
// client to the safe settings by one plan.
func TestLiveAdopt(t *testing.T) {
	t.Parallel()
	r := onRealServer(t)
	r.kcadm(t, byHand)
	defer r.remove(t)
	wiki := r.clientNamed(t, "wiki")

	exported := r.run(t, exitDone, "export", "-realm", r.Name, "-client", "matrix")
	r.write(t, "spec.yaml", exported)
	require.Contains(t, r.run(t, exitDone, "plan"), "nothing to do")

	r.write(t, "spec.yaml", r.safe(t, exported))
	r.show(t, "adopt.txt", r.run(t, exitPlanned, "plan"))
	r.run(t, exitDone, "apply", "-yes")
	require.Contains(t, r.run(t, exitDone, "plan"), "nothing to do")
	require.Equal(t, "made-by-hand-long-ago", r.secret(t), "which MAS has already")
	require.Equal(t, wiki, r.clientNamed(t, "wiki"))
}

// safe is what to make of an exported spec: the id of the client and its mappers stay, the
// rest derives.
func (r realServer) safe(t *testing.T, exported string) string {
	t.Helper()
	spec, problems := sdk.ParseSpec("exported.yaml", []byte(exported))
	require.NoError(t, problems.Err())
	sampled, problems := sdk.ParseSpec(sampleName, sample)
	require.NoError(t, problems.Err())
	spec.Client = sdk.Client{ID: spec.Client.ID, Site: sampled.Client.Site, Provider: sampled.Client.Provider, Mappers: spec.Client.Mappers}
	spec.Realm.Registration = sdk.Set(false)
	text, err := spec.YAML()
	require.NoError(t, err)
	return string(text)
}

// kcadm does what kcadm.sh does with these commands.
func (r realServer) kcadm(t *testing.T, commands string) {
	t.Helper()
	for line := range strings.Lines(strings.TrimSpace(commands)) {
		line = strings.ReplaceAll(line, "REALM", r.Name)
		if strings.Contains(line, "CLIENT") {
			line = strings.ReplaceAll(line, "CLIENT", r.clientNamed(t, "matrix")["id"].(string))
		}
		words := strings.Fields(line)
		path, body := "/"+words[1], map[string]any{}
		for i := 2; i < len(words); i += 2 {
			key, text, _ := strings.Cut(words[i+1], "=")
			if words[i] == "-r" {
				path = "/realms/" + key + path
				continue
			}
			var value any
			if json.Unmarshal([]byte(text), &value) != nil {
				value = text
			}
			body[key] = value
		}
		r.Server.Admin(t, http.MethodPost, path, body, nil)
	}
}
