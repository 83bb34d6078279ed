package keys

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
)

// Neither crypto/x509 nor go-jose knows secp256k1, so both encodings are made here.

func fromSecp256k1(key *secp256k1.PrivateKey) (SigningKey, error) {
	der, err := secp256k1PKCS8(key)
	if err != nil {
		return SigningKey{}, fmt.Errorf("keys: encode secp256k1 key: %w", err)
	}
	point := key.PubKey().SerializeUncompressed()
	return newSigningKey(material{
		kind:   Secp256k1,
		bits:   256,
		pem:    encodePEM(der),
		public: newSecp256k1Public(point),
	})
}

// secp256k1PKCS8 encodes as openssl pkcs8 -topk8 does: RFC 5915 inside RFC 5208.
func secp256k1PKCS8(key *secp256k1.PrivateKey) ([]byte, error) {
	inner, err := asn1.Marshal(struct {
		Version    int
		PrivateKey []byte
		PublicKey  asn1.BitString `asn1:"explicit,tag:1"`
	}{1, key.Serialize(), asn1.BitString{Bytes: key.PubKey().SerializeUncompressed(), BitLength: 8 * 65}})
	if err != nil {
		return nil, err
	}
	curve, err := asn1.Marshal(oidSecp256k1())
	if err != nil {
		return nil, err
	}
	return asn1.Marshal(pkcs8Key{
		Algorithm:  pkix.AlgorithmIdentifier{Algorithm: oidEC(), Parameters: asn1.RawValue{FullBytes: curve}},
		PrivateKey: inner,
	})
}
