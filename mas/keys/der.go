package keys

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
)

// pkcs8Key is PrivateKeyInfo of RFC 5208, section 5. Attributes and the public key
// of RFC 5958 may follow; encoding/asn1 skips them.
type pkcs8Key struct {
	Version    int
	Algorithm  pkix.AlgorithmIdentifier
	PrivateKey []byte
}

// detectFormat tells the four private key structures apart by their first two
// elements, and says how many bytes follow the structure.
func detectFormat(der []byte) (f format, rest int) {
	var outer, first, second asn1.RawValue
	after, err := asn1.Unmarshal(der, &outer)
	if err != nil || !isSequence(outer) {
		return notAKey, 0
	}
	inner, err := asn1.Unmarshal(outer.Bytes, &first)
	if err != nil {
		return notAKey, 0
	}
	third, err := asn1.Unmarshal(inner, &second)
	if err != nil {
		return notAKey, 0
	}
	switch {
	case isSequence(first) && isUniversal(second, asn1.TagOctetString):
		f = encryptedPKCS8
	case !isUniversal(first, asn1.TagInteger):
		f = notAKey
	case isSequence(second) && len(third) > 0:
		f = pkcs8
	case isUniversal(second, asn1.TagOctetString):
		f = sec1
	case isUniversal(second, asn1.TagInteger) && len(third) > 0:
		f = pkcs1
	}
	return f, len(after)
}

func isUniversal(v asn1.RawValue, tag int) bool {
	return v.Class == asn1.ClassUniversal && v.Tag == tag
}

func isSequence(v asn1.RawValue) bool { return isUniversal(v, asn1.TagSequence) && v.IsCompound }

func isPublicDER(der []byte) bool {
	if _, err := x509.ParsePKIXPublicKey(der); err == nil {
		return true
	}
	if _, err := x509.ParsePKCS1PublicKey(der); err == nil {
		return true
	}
	_, err := x509.ParseCertificate(der)
	return err == nil
}

// decode fills v from der and reports whether that used all of it.
func decode(der []byte, v any) bool {
	rest, err := asn1.Unmarshal(der, v)
	return err == nil && len(rest) == 0
}

func parsePKCS8(der []byte) (SigningKey, error) {
	var info pkcs8Key
	if !decode(der, &info) || info.Version != 0 && info.Version != 1 {
		return SigningKey{}, refuseMalformed()
	}
	switch {
	case info.Algorithm.Algorithm.Equal(oidRSA()):
		if !info.hasNullParameters() {
			return SigningKey{}, refuseMalformed()
		}
		return parsePKCS1(info.PrivateKey)
	case info.Algorithm.Algorithm.Equal(oidEC()):
		return parseWrappedSEC1(info.PrivateKey, info.Algorithm.Parameters.FullBytes)
	}
	return SigningKey{}, refuseKey(ReasonType, "is of type "+algorithmName(info.Algorithm.Algorithm)+", which MAS does not support", "use RSA, P-256, P-384 or secp256k1")
}

// hasNullParameters is what RFC 3279, section 2.3.1, demands of RSA and MAS checks.
func (k pkcs8Key) hasNullParameters() bool {
	return isUniversal(k.Algorithm.Parameters, asn1.TagNull) && len(k.Algorithm.Parameters.Bytes) == 0
}

func oidRSA() asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1} }

func oidEC() asn1.ObjectIdentifier { return asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1} }

func algorithmName(oid asn1.ObjectIdentifier) string {
	switch oid.String() {
	case "1.3.101.110":
		return "X25519"
	case "1.3.101.111":
		return "X448"
	case "1.3.101.112":
		return "Ed25519"
	case "1.3.101.113":
		return "Ed448"
	case "1.2.840.10040.4.1":
		return "DSA"
	case "1.2.840.113549.1.1.10":
		return "RSA-PSS"
	}
	return "OID " + oid.String()
}
