package keys_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
)

// openssl runs the real tool, in a directory of its own, on a script of commands.
// $PASS is the password "correct horse".
func openssl(t *testing.T, script string) string {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed: apt-get install openssl")
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-ec", script)
	cmd.Dir = t.TempDir()
	cmd.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "PASS=correct horse"}
	out, err := cmd.Output()
	require.NoError(t, err, script)
	return string(out)
}

const (
	sslRSA   = "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 2>/dev/null"
	sslP256  = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256"
	sslP384  = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384"
	sslK256  = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1"
	sslTopk8 = " | openssl pkcs8 -topk8 -passout env:PASS"
)

func TestParseReadsWhatOpenSSLWrites(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		script string
		kind   keys.Kind
	}{
		"genpkey RSA":                   {sslRSA, keys.RSA},
		"genrsa -traditional":           {"openssl genrsa -traditional 2048 2>/dev/null", keys.RSA},
		"genrsa 4096":                   {"openssl genrsa 4096 2>/dev/null", keys.RSA},
		"ecparam -noout":                {"openssl ecparam -genkey -name prime256v1 -noout", keys.P256},
		"ecparam -noout DER":            {"openssl ecparam -genkey -name secp384r1 -noout -outform DER", keys.P384},
		"ecparam -noout secp256k1":      {"openssl ecparam -genkey -name secp256k1 -noout", keys.Secp256k1},
		"genpkey P-256":                 {sslP256, keys.P256},
		"genpkey P-384":                 {sslP384, keys.P384},
		"genpkey secp256k1":             {sslK256, keys.Secp256k1},
		"genpkey secp256k1 DER":         {sslK256 + " -outform DER", keys.Secp256k1},
		"compressed point":              {sslP256 + " | openssl ec -conv_form compressed 2>/dev/null", keys.P256},
		"compressed point on secp256k1": {sslK256 + " | openssl ec -conv_form compressed 2>/dev/null", keys.Secp256k1},
		"no public key":                 {sslP256 + " | openssl ec -no_public 2>/dev/null", keys.P256},
		"encrypted RSA":                 {sslRSA + sslTopk8, keys.RSA},
		"encrypted P-384":               {sslP384 + sslTopk8, keys.P384},
		"encrypted secp256k1":           {sslK256 + sslTopk8, keys.Secp256k1},
		"encrypted DER":                 {sslP256 + sslTopk8 + " -outform DER", keys.P256},
		"encrypted with scrypt":         {sslP256 + sslTopk8 + " -scrypt", keys.P256},
		"encrypted AES-128, SHA-512":    {sslP256 + sslTopk8 + " -v2 aes-128-cbc -v2prf hmacWithSHA512", keys.P256},
		"encrypted AES-192, SHA-384":    {sslP256 + sslTopk8 + " -v2 aes-192-cbc -v2prf hmacWithSHA384", keys.P256},
		"encrypted AES-256, SHA-224":    {sslP256 + sslTopk8 + " -v2 aes-256-cbc -v2prf hmacWithSHA224", keys.P256},
		"encrypted with 100,000 rounds": {sslP256 + sslTopk8 + " -iter 100000", keys.P256},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := openssl(t, c.script)
			password := maskit.Secret{}
			if strings.Contains(c.script, sslTopk8) {
				password = maskit.NewSecret("correct horse")
			}
			key, err := keys.Parse(maskit.NewSecret(text), password)
			require.NoError(t, err)
			require.Equal(t, c.kind, key.Kind())
		})
	}
}

func TestParseRefusesWhatOpenSSLWritesAndMASDoesNotRead(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		script string
		reason keys.Reason
	}{
		"ecparam -genkey":          {"openssl ecparam -genkey -name prime256v1", keys.ReasonECParameters},
		"P-521":                    {"openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521", keys.ReasonCurve},
		"brainpool":                {"openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1", keys.ReasonCurve},
		"explicit parameters":      {sslP256 + " -pkeyopt ec_param_enc:explicit", keys.ReasonCurve},
		"Ed25519":                  {"openssl genpkey -algorithm ED25519", keys.ReasonType},
		"X25519":                   {"openssl genpkey -algorithm X25519", keys.ReasonType},
		"RSA-PSS":                  {"openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 2>/dev/null", keys.ReasonType},
		"pkey -text":               {sslP256 + " | openssl pkey -text", keys.ReasonTrailingData},
		"public key":               {sslP256 + " | openssl pkey -pubout", keys.ReasonPublic},
		"rand -base64":             {"openssl rand -base64 32", keys.ReasonNotAKey},
		"rand -base64, two lines":  {"openssl rand -base64 64", keys.ReasonNotAKey},
		"rand -hex":                {"openssl rand -hex 32", keys.ReasonNotAKey},
		"genrsa -aes256":           {"openssl genrsa -traditional -aes256 -passout env:PASS 2048 2>/dev/null", keys.ReasonFormat},
		"encrypted 3DES":           {sslP256 + sslTopk8 + " -v2 des3", keys.ReasonCipher},
		"encrypted PBKDF2 SHA-1":   {sslP256 + sslTopk8 + " -v2prf hmacWithSHA1", keys.ReasonCipher},
		"encrypted PBES1":          {sslP256 + sslTopk8 + " -v1 PBE-SHA1-3DES", keys.ReasonCipher},
		"encrypted, 2,500,000 its": {sslP256 + sslTopk8 + " -iter 2500000", keys.ReasonTooCostly},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			password := maskit.Secret{}
			if strings.Contains(c.script, sslTopk8) {
				password = maskit.NewSecret("correct horse")
			}
			_, err := keys.Parse(maskit.NewSecret(openssl(t, c.script)), password)
			requireReason(t, c.reason, err)
		})
	}
}

// What we write, openssl must read, and find the same public key in it.
func TestOpenSSLReadsWhatPEMWrites(t *testing.T) {
	t.Parallel()
	for _, kind := range []keys.Kind{keys.RSA, keys.P256, keys.P384, keys.Secp256k1} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			key := mustGenerate(t, kind)
			script := "openssl pkey -check -noout >&2 <<'END'\n" + key.PEM().Reveal() + "\nEND\n"
			openssl(t, script)
			again := openssl(t, "openssl pkey <<'END'\n"+key.PEM().Reveal()+"\nEND\n")
			require.True(t, key.Equal(mustParse(t, again)))
		})
	}
}
