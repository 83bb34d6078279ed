package mascli_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/mas/mascli"
)

// real is the real mas-cli with a valid configuration of an empty database.
func real(t *testing.T) (mascli.CLI, *[]string) {
	t.Helper()
	installed := live.MASCLI(t)
	identity, err := mas.NewIdentity(rand.Reader)
	require.NoError(t, err)
	id, err := maskit.ParseULID("01HFVBY12TMNTYTBV8W921M5FA")
	require.NoError(t, err)
	lines := &[]string{}
	return mascli.CLI{
		Runner: mascli.Local{Binary: installed.Binary, Share: installed.Share, Dir: t.TempDir()},
		Output: func(line string) { *lines = append(*lines, line) },
		Config: &mas.Config{
			Database: &mas.Database{URI: maskit.NewSecret(live.Postgres(t).URI())},
			Matrix:   mas.Matrix{Homeserver: "example.com", Endpoint: "http://127.0.0.1:1/", Secret: mas.SecretValue{Inline: maskit.NewSecret("the-shared-secret-of-matrix")}},
			Secrets:  mas.Secrets{Encryption: mas.SecretValue{Inline: identity.EncryptionKey}, Keys: identity.SigningKeys},
			Passwords: &mas.Passwords{Schemes: []mas.PasswordScheme{
				{Version: 1, Algorithm: mas.Bcrypt, UnicodeNormalization: true, Secret: mas.SecretValue{Inline: maskit.NewSecret("the-pepper")}},
			}},
			UpstreamOAuth2: &mas.UpstreamOAuth2{Providers: []mas.UpstreamProvider{{
				ID: id, Issuer: "https://sso.example.com/", ClientID: "mas", SynapseIDPID: "oidc-keycloak",
				TokenEndpointAuthMethod: "client_secret_basic", ClientSecret: mas.SecretValue{Inline: maskit.NewSecret("the-upstream-secret")},
			}}},
		},
	}, lines
}

func TestRealMASCLI(t *testing.T) {
	t.Parallel()
	cli, lines := real(t)
	version, err := cli.Version(t.Context())
	require.NoError(t, err)
	require.True(t, version.AtLeast(maskit.MinMAS()), version)
	require.NoError(t, cli.ConfigCheck(t.Context()))
	require.NoError(t, cli.DatabaseMigrate(t.Context()))

	dry, err := cli.ConfigSync(t.Context(), mascli.SyncOptions{DryRun: true})
	require.NoError(t, err)
	added := maskit.Changes{{Subject: "provider 01HFVBY12TMNTYTBV8W921M5FA", Action: maskit.ActionCreate}}
	require.Equal(t, added, dry.Changes)
	first, err := cli.ConfigSync(t.Context(), mascli.SyncOptions{})
	require.NoError(t, err)
	require.Equal(t, added, first.Changes)
	again, err := cli.ConfigSync(t.Context(), mascli.SyncOptions{})
	require.NoError(t, err)
	require.Empty(t, again.Changes)
	cli.Config.UpstreamOAuth2 = nil
	pruned, err := cli.ConfigSync(t.Context(), mascli.SyncOptions{Prune: true})
	require.NoError(t, err)
	require.Equal(t, maskit.ActionUpdate, pruned.Changes[0].Action)

	problems, err := cli.Doctor(t.Context())
	require.NoError(t, err)
	require.Error(t, problems.Err(), "there is no homeserver")

	for _, secret := range []string{"the-shared-secret-of-matrix", "the-pepper", "the-upstream-secret"} {
		require.NotContains(t, strings.Join(*lines, "\n"), secret)
	}
}

func TestRealMASCLIRefuses(t *testing.T) {
	t.Parallel()
	cli, _ := real(t)
	cli.Config.Database.URI = maskit.NewSecret("postgresql://mas:the-password@127.0.0.1:1/mas")
	err := cli.DatabaseMigrate(t.Context())
	var failed *mascli.ExitError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, 1, failed.Code)
	require.Contains(t, err.Error(), "onnection refused")
	require.NotContains(t, err.Error(), "the-password")
	cli.Config.Secrets.Encryption.Inline = maskit.NewSecret("not-a-key-of-64-digits")
	require.ErrorAs(t, cli.ConfigCheck(t.Context()), &failed)
}

func TestRealSyn2MASCheck(t *testing.T) {
	t.Parallel()
	cli, lines := real(t)
	database := live.SynapseDatabase(t, live.SynapseCurrent)
	synapse := mascli.Synapse{
		Config:      maskit.NewSecret("server_name: example.com\ndatabase: {name: psycopg2}\npassword_config: {pepper: the-pepper}\n"),
		DatabaseURI: database.URI(), DatabasePassword: maskit.NewSecret("the-password-of-synapse"),
	}
	report, err := cli.Syn2MASCheck(t.Context(), synapse)
	require.NoError(t, err, *lines)
	require.Equal(t, mascli.CheckReport{}, report)
	synapse.Config = maskit.NewSecret("server_name: example.com\ndatabase: {name: psycopg2}\npassword_config: {pepper: the-pepper}\nenable_registration: true\n")
	report, err = cli.Syn2MASCheck(t.Context(), synapse)
	require.NoError(t, err)
	require.Len(t, report.Warnings, 1)
	synapse.Config = maskit.NewSecret("server_name: example.org\ndatabase: {name: psycopg2}\n")
	report, err = cli.Syn2MASCheck(t.Context(), synapse)
	require.NoError(t, err)
	require.Len(t, report.Errors, 2)
	_, err = cli.Syn2MASMigrate(t.Context(), synapse, true)
	var failed *mascli.ExitError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, mascli.ExitCheckErrors, failed.Code)
}
