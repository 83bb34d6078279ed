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

// opensslKey is what a script of openssl commands writes.
type opensslKey struct {
	script string
	kind   keys.Kind   // where MAS reads it
	reason keys.Reason // where it does not
}

// password is that of the key, or none.
func (k opensslKey) password() maskit.Secret {
	if strings.Contains(k.script, sslTopk8) {
		return maskit.NewSecret("correct horse")
	}
	return maskit.Secret{}
}

func opensslWrites() map[string]opensslKey {
	return map[string]opensslKey{
		"genpkey RSA":                   {script: sslRSA, kind: keys.RSA},
		"genrsa -traditional":           {script: "openssl genrsa -traditional 2048 2>/dev/null", kind: keys.RSA},
		"genrsa 4096":                   {script: "openssl genrsa 4096 2>/dev/null", kind: keys.RSA},
		"ecparam -noout":                {script: "openssl ecparam -genkey -name prime256v1 -noout", kind: keys.P256},
		"ecparam -noout DER":            {script: "openssl ecparam -genkey -name secp384r1 -noout -outform DER", kind: keys.P384},
		"ecparam -noout secp256k1":      {script: "openssl ecparam -genkey -name secp256k1 -noout", kind: keys.Secp256k1},
		"genpkey P-256":                 {script: sslP256, kind: keys.P256},
		"genpkey P-384":                 {script: sslP384, kind: keys.P384},
		"genpkey secp256k1":             {script: sslK256, kind: keys.Secp256k1},
		"genpkey secp256k1 DER":         {script: sslK256 + " -outform DER", kind: keys.Secp256k1},
		"compressed point":              {script: sslP256 + " | openssl ec -conv_form compressed 2>/dev/null", kind: keys.P256},
		"compressed point on secp256k1": {script: sslK256 + " | openssl ec -conv_form compressed 2>/dev/null", kind: keys.Secp256k1},
		"no public key":                 {script: sslP256 + " | openssl ec -no_public 2>/dev/null", kind: keys.P256},
		"encrypted RSA":                 {script: sslRSA + sslTopk8, kind: keys.RSA},
		"encrypted P-384":               {script: sslP384 + sslTopk8, kind: keys.P384},
		"encrypted secp256k1":           {script: sslK256 + sslTopk8, kind: keys.Secp256k1},
		"encrypted DER":                 {script: sslP256 + sslTopk8 + " -outform DER", kind: keys.P256},
		"encrypted with scrypt":         {script: sslP256 + sslTopk8 + " -scrypt", kind: keys.P256},
		"encrypted AES-128, SHA-512":    {script: sslP256 + sslTopk8 + " -v2 aes-128-cbc -v2prf hmacWithSHA512", kind: keys.P256},
		"encrypted AES-192, SHA-384":    {script: sslP256 + sslTopk8 + " -v2 aes-192-cbc -v2prf hmacWithSHA384", kind: keys.P256},
		"encrypted AES-256, SHA-224":    {script: sslP256 + sslTopk8 + " -v2 aes-256-cbc -v2prf hmacWithSHA224", kind: keys.P256},
		"encrypted with 100,000 rounds": {script: sslP256 + sslTopk8 + " -iter 100000", kind: keys.P256},
	}
}

func opensslWritesUnreadable() map[string]opensslKey {
	return map[string]opensslKey{
		"ecparam -genkey":          {script: "openssl ecparam -genkey -name prime256v1", reason: keys.ReasonECParameters},
		"P-521":                    {script: "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521", reason: keys.ReasonCurve},
		"brainpool":                {script: "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1", reason: keys.ReasonCurve},
		"explicit parameters":      {script: sslP256 + " -pkeyopt ec_param_enc:explicit", reason: keys.ReasonCurve},
		"Ed25519":                  {script: "openssl genpkey -algorithm ED25519", reason: keys.ReasonType},
		"X25519":                   {script: "openssl genpkey -algorithm X25519", reason: keys.ReasonType},
		"RSA-PSS":                  {script: "openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 2>/dev/null", reason: keys.ReasonType},
		"pkey -text":               {script: sslP256 + " | openssl pkey -text", reason: keys.ReasonTrailingData},
		"public key":               {script: sslP256 + " | openssl pkey -pubout", reason: keys.ReasonPublic},
		"rand -base64":             {script: "openssl rand -base64 32", reason: keys.ReasonNotAKey},
		"rand -base64, two lines":  {script: "openssl rand -base64 64", reason: keys.ReasonNotAKey},
		"rand -hex":                {script: "openssl rand -hex 32", reason: keys.ReasonNotAKey},
		"genrsa -aes256":           {script: "openssl genrsa -traditional -aes256 -passout env:PASS 2048 2>/dev/null", reason: keys.ReasonFormat},
		"encrypted 3DES":           {script: sslP256 + sslTopk8 + " -v2 des3", reason: keys.ReasonCipher},
		"encrypted PBKDF2 SHA-1":   {script: sslP256 + sslTopk8 + " -v2prf hmacWithSHA1", reason: keys.ReasonCipher},
		"encrypted PBES1":          {script: sslP256 + sslTopk8 + " -v1 PBE-SHA1-3DES", reason: keys.ReasonCipher},
		"encrypted, 2,500,000 its": {script: sslP256 + sslTopk8 + " -iter 2500000", reason: keys.ReasonTooCostly},
	}
}

func TestParseReadsWhatOpenSSLWrites(t *testing.T) {
	t.Parallel()
	for name, c := range opensslWrites() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := openssl(t, c.script)
			key, err := keys.Parse(maskit.NewSecret(text), c.password())
			require.NoError(t, err)
			require.Equal(t, c.kind, key.Kind())
		})
	}
}

func TestParseRefusesWhatOpenSSLWritesAndMASDoesNotRead(t *testing.T) {
	t.Parallel()
	for name, c := range opensslWritesUnreadable() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := keys.Parse(maskit.NewSecret(openssl(t, c.script)), c.password())
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
