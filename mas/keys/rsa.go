package keys

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"

	jose "github.com/go-jose/go-jose/v4"

	"github.com/maskit-dev/maskit"
)

// Limits of MAS 1.22: the RSA library that it uses takes up to 4096 bits. The
// second one bounds the other numbers of the key, which take 2.4 KB with the first.
const (
	maxRSABits = 4096
	maxRSASize = 4 << 10
)

// parsePKCS1 reads RSAPrivateKey of RFC 8017, appendix A.1.2.
func parsePKCS1(der []byte) (SigningKey, error) {
	var head struct {
		Version int
		Modulus *big.Int
	}
	if !decode(der, &head) {
		return SigningKey{}, refuseMalformed()
	}
	switch bits := head.Modulus.BitLen(); {
	case bits > maxRSABits:
		return SigningKey{}, refuseKey(ReasonTooLarge, fmt.Sprintf("is an RSA key of %d bits, MAS takes at most %d", bits, maxRSABits), "generate one of 2048 to 4096 bits")
	case head.Version != 0:
		return SigningKey{}, refuseKey(ReasonType, "is an RSA key of more than two primes", hintGenerate)
	case len(der) > maxRSASize:
		return SigningKey{}, refuseMalformed()
	}
	key, err := x509.ParsePKCS1PrivateKey(der)
	if err != nil {
		return SigningKey{}, refuseMalformed()
	}
	return fromRSA(key)
}

func fromRSA(key *rsa.PrivateKey) (SigningKey, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return SigningKey{}, fmt.Errorf("keys: encode RSA key: %w", err)
	}
	return newSigningKey(material{
		kind:   RSA,
		bits:   key.N.BitLen(),
		pem:    encodePEM(der),
		public: josePublic{jose.JSONWebKey{Key: &key.PublicKey}},
	})
}

func encodePEM(der []byte) maskit.Secret {
	block := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	return maskit.NewSecret(strings.TrimSuffix(string(block), "\n"))
}
