package migrate

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
)

// TestVerifyLiveServers migrates by mas-cli, starts MAS and a Synapse that delegates to
// it, and asks both about tokens from before.
func TestVerifyLiveServers(t *testing.T) {
	t.Parallel()
	cli, install := live.MASCLI(t), live.Synapse(t, live.SynapseCurrent)
	v := newVerified(t)
	v.execSynapse(t, verifySynapse+`; DELETE FROM user_external_ids WHERE auth_provider = 'saml'`)
	v.syn2mas(t, cli)
	require.NoError(t, v.verify(t).Err())

	address := fmt.Sprintf("127.0.0.1:%d", live.FreePort(t))
	config := v.m.Target.Config
	config.HTTP = &mas.HTTP{PublicBase: "http://" + address + "/", Listeners: []mas.Listener{{
		Name: "web", Binds: []mas.Bind{{Address: address}},
		Resources: []mas.Resource{{Name: mas.ResourceDiscovery}, {Name: mas.ResourceOAuth}, {Name: mas.ResourceCompat}, {Name: mas.ResourceHealth}},
	}}}
	config.Matrix.Endpoint = v.startDelegated(t, install, config.HTTP.PublicBase)
	masFile := filepath.Join(t.TempDir(), "mas.yaml")
	rendered, problems := mas.Render(config, mas.RenderOptions{Layout: mas.LayoutSingle})
	require.NoError(t, problems.Err())
	require.NoError(t, os.WriteFile(masFile, rendered.Files[0].Data(), 0o600))
	cli.StartServer(t, config.HTTP.PublicBase, config.HTTP.PublicBase+"health", masFile)

	report := v.verifyLive(t, LiveOptions{}) // the addresses are in MAS's configuration
	require.NoError(t, report.Err())
	require.Equal(t, "3 of 3 tokens work at MAS and Synapse\n", report.String())

	v.exec(t, `UPDATE compat_sessions SET device_id = 'GONE' WHERE device_id = 'ADEVICE'`)
	report = v.verifyLive(t, LiveOptions{})
	require.Equal(t, 2, report.Failed, report)
}

// startDelegated starts the Synapse whose rows were migrated, with MAS in charge.
func (v *verified) startDelegated(t *testing.T, install *live.SynapseInstall, masURL string) string {
	t.Helper()
	config := install.GenerateConfig(t, "example.com")
	delegation := filepath.Join(config.Dir, "delegation.yaml")
	text := fmt.Sprintf("matrix_authentication_service: {enabled: true, endpoint: %q, secret: %q}\npassword_config: {enabled: false}\n",
		masURL, v.m.Target.Config.Matrix.Secret.Inline.Reveal())
	require.NoError(t, os.WriteFile(delegation, []byte(text), 0o600))
	return install.Start(t, v.synapseDB, config.Path, delegation).URL
}
