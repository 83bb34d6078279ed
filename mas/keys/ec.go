package keys

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/asn1"
	"fmt"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	jose "github.com/go-jose/go-jose/v4"
)

// minScalar is the shortest private number that MAS's library takes; a real one
// is shorter once in 2^64 keys.
const minScalar = 24

// sec1Key is ECPrivateKey of RFC 5915, section 3.
type sec1Key struct {
	Version    int
	PrivateKey []byte
	Curve      asn1.ObjectIdentifier `asn1:"optional,explicit,tag:0"`
	PublicKey  asn1.BitString        `asn1:"optional,explicit,tag:1"`
}

// parseSEC1 reads an EC key that names its curve.
func parseSEC1(der []byte) (SigningKey, error) {
	var key sec1Key
	if !decode(der, &key) || key.Version != 1 {
		return SigningKey{}, refuseMalformed()
	}
	return key.parse(key.Curve)
}

// parseWrappedSEC1 reads an EC key inside PKCS#8, where the curve stands in params.
func parseWrappedSEC1(der, params []byte) (SigningKey, error) {
	var key sec1Key
	if !decode(der, &key) || key.Version != 1 {
		return SigningKey{}, refuseMalformed()
	}
	var curve asn1.ObjectIdentifier
	if !decode(params, &curve) {
		curve = nil
	}
	return key.parse(curve)
}

func (k sec1Key) parse(curve asn1.ObjectIdentifier) (SigningKey, error) {
	switch {
	case len(curve) == 0:
		return SigningKey{}, refuseKey(ReasonCurve, "does not name its curve", "rewrite it with openssl pkey -ec_param_enc named_curve")
	case curve.Equal(oidP256()):
		return k.parseNIST(elliptic.P256())
	case curve.Equal(oidP384()):
		return k.parseNIST(elliptic.P384())
	case curve.Equal(oidSecp256k1()):
		return k.parseSecp256k1()
	}
	return SigningKey{}, refuseKey(ReasonCurve, "is on the curve "+curveName(curve)+", which MAS does not support", "use P-256, P-384 or secp256k1")
}

// scalar returns the private number with leading zeros up to size.
func (k sec1Key) scalar(size int) ([]byte, bool) {
	if len(k.PrivateKey) < minScalar || len(k.PrivateKey) > size {
		return nil, false
	}
	return append(make([]byte, size-len(k.PrivateKey)), k.PrivateKey...), true
}

// belongsTo reports whether the public key, if it is given, is the uncompressed
// point or its compressed form (SEC 1, section 2.3.3).
func (k sec1Key) belongsTo(point []byte) bool {
	given, half := k.PublicKey.RightAlign(), len(point)/2
	if len(given) != half+1 {
		return len(given) == 0 || bytes.Equal(given, point)
	}
	parity := 2 + point[len(point)-1]&1
	return given[0] == parity && bytes.Equal(given[1:], point[1:half+1])
}

func (k sec1Key) parseNIST(curve elliptic.Curve) (SigningKey, error) {
	scalar, ok := k.scalar(curve.Params().BitSize / 8)
	if !ok {
		return SigningKey{}, refuseMalformed()
	}
	key, err := ecdsa.ParseRawPrivateKey(curve, scalar)
	if err != nil {
		return SigningKey{}, refuseMalformed()
	}
	if point, err := key.PublicKey.Bytes(); err != nil || !k.belongsTo(point) {
		return SigningKey{}, refuseMalformed()
	}
	return fromNIST(key)
}

func fromNIST(key *ecdsa.PrivateKey) (SigningKey, error) {
	params := key.Params()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return SigningKey{}, fmt.Errorf("keys: encode %s key: %w", params.Name, err)
	}
	return newSigningKey(material{
		kind:   Kind(params.Name),
		bits:   params.BitSize,
		pem:    encodePEM(der),
		public: josePublic{jose.JSONWebKey{Key: &key.PublicKey}},
	})
}

func (k sec1Key) parseSecp256k1() (SigningKey, error) {
	raw, ok := k.scalar(secp256k1.PrivKeyBytesLen)
	if !ok {
		return SigningKey{}, refuseMalformed()
	}
	var scalar secp256k1.ModNScalar
	if overflow := scalar.SetByteSlice(raw); overflow || scalar.IsZero() {
		return SigningKey{}, refuseMalformed()
	}
	key := secp256k1.NewPrivateKey(&scalar)
	if !k.belongsTo(key.PubKey().SerializeUncompressed()) {
		return SigningKey{}, refuseMalformed()
	}
	return fromSecp256k1(key)
}

func oidP256() asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7} }

func oidP384() asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 3, 132, 0, 34} }

func oidSecp256k1() asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 3, 132, 0, 10} }

func curveName(oid asn1.ObjectIdentifier) string {
	switch oid.String() {
	case "1.3.132.0.33":
		return "P-224"
	case "1.3.132.0.35":
		return "P-521"
	}
	return "OID " + oid.String()
}
