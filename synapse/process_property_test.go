package synapse_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit/synapse"
)

// TestPlanSettlesAnyProcesses: whatever processes load over each other, all of them
// delegate in the same way afterwards, a second plan changes nothing, and Undo
// restores every file.
func TestPlanSettlesAnyProcesses(t *testing.T) {
	t.Parallel()
	settings := []string{
		"password_config: {enabled: true, pepper: x}\n", "password_config: {pepper: y}\n", "password_config: {enabled: false}\n", "enable_registration: yes\n",
		"disable_registration: no\n", "oidc_providers: [{idp_id: x}]\n", "oidc_providers: []\n", "session_lifetime: 1d\n",
		"experimental_features: {msc3861: {enabled: true}}\n", "experimental_features: {x: true}\n",
		"matrix_authentication_service: {enabled: true, endpoint: 'http://x/', secret: s}\n", "matrix_authentication_service: {enabled: false}\n",
		"worker_app: synapse.app.generic_worker\n", "listeners: [{type: http, port: 1, resources: [{names: [client]}]}]\n",
	}
	rapid.Check(t, func(t *rapid.T) {
		files := []synapse.File{{Name: "shared.yaml", Data: []byte("server_name: example.com\n" + draw(t, "shared", settings))}}
		for i := range rapid.IntRange(0, 3).Draw(t, "files") {
			files = append(files, synapse.File{Name: fmt.Sprintf("%d.yaml", i), Data: []byte(draw(t, "file", settings))})
		}
		var processes []synapse.Process
		for i := range rapid.IntRange(1, 4).Draw(t, "processes") {
			process := synapse.Process{Name: fmt.Sprintf("p%d", i), Files: files[:1:1]}
			for _, file := range files[1:] {
				if rapid.Bool().Draw(t, "loads "+file.Name) {
					process.Files = append(process.Files, file)
				}
			}
			processes = append(processes, process)
		}
		plan, _ := delegate().Plan(processes)
		for _, process := range plan.Processes {
			want := synapse.Delegation{Enabled: true, File: process.After.File, Endpoint: site().MASURL, SecretPath: "/run/secrets/mas/shared-secret"}
			require.Equal(t, want, process.After)
			require.True(t, process.MountSecret)
		}
		if len(processes) == 1 {
			require.Equal(t, codes(delegate().Lint(processes[0].Files)), codes(plan.Patched.Found))
		}
		requirePlanIsDone(t, processes, plan)
	})
}

func draw(t *rapid.T, label string, settings []string) string {
	text := ""
	for _, setting := range rapid.SliceOfNDistinct(rapid.SampledFrom(settings), 0, 5, rapid.ID[string]).Draw(t, label) {
		text += setting
	}
	return text
}
