package keys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"hash"
	"slices"

	"golang.org/x/crypto/scrypt"

	"github.com/maskit-dev/maskit"
)

// Upper bounds for the work of one key derivation, about a second each. OWASP
// recommends 600,000 rounds of PBKDF2; N·r·p of 2^20 is scrypt with N = 2^17,
// r = 8, which takes 128 MiB.
const (
	maxPBKDF2Rounds = 2_000_000
	maxScryptCost   = 1 << 20
)

// encryptedKey is EncryptedPrivateKeyInfo of RFC 5208, section 6.
type encryptedKey struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

// pbes2Params is PBES2-params of RFC 8018, appendix A.4.
type pbes2Params struct {
	KDF, Cipher pkix.AlgorithmIdentifier
}

func parseEncrypted(der []byte, password maskit.Secret) (SigningKey, error) {
	if password.IsZero() {
		return SigningKey{}, refuseKey(ReasonPasswordMissing, "is encrypted, and there is no password", "set password or password_file, or decrypt the key")
	}
	var info encryptedKey
	if !decode(der, &info) {
		return SigningKey{}, refuseMalformed()
	}
	plain, err := info.decrypt(password)
	if err != nil {
		return SigningKey{}, err
	}
	// A wrong password passes the check of the padding once in 256 times.
	f, rest := detectFormat(plain)
	if f == notAKey || rest > 0 {
		return SigningKey{}, refuseKey(ReasonPasswordWrong, "is not decrypted by the password", hintPassword)
	}
	if f == encryptedPKCS8 {
		return SigningKey{}, refuseKey(ReasonCipher, "is encrypted twice", hintReencrypt)
	}
	return encodedKey{format: f, der: plain}.parsePlain()
}

const (
	hintPassword  = "check the password: MAS does not trim password_file, so a newline at its end counts"
	hintReencrypt = "encrypt it again with openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256"
)

func (k encryptedKey) decrypt(password maskit.Secret) ([]byte, error) {
	if !k.Algorithm.Algorithm.Equal(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}) {
		return nil, refuseKey(ReasonCipher, "is encrypted by another scheme than PBES2", hintReencrypt)
	}
	var params pbes2Params
	if !decode(k.Algorithm.Parameters.FullBytes, &params) {
		return nil, refuseMalformed()
	}
	size, iv, err := parseCipher(params.Cipher)
	if err != nil {
		return nil, err
	}
	key, err := deriveKey(params.KDF, password, size)
	if err != nil {
		return nil, err
	}
	return decryptCBC(key, iv, k.Data)
}

// parseCipher returns the key size and the initialisation vector.
func parseCipher(id pkix.AlgorithmIdentifier) (size int, iv []byte, err error) {
	switch id.Algorithm.String() {
	case "2.16.840.1.101.3.4.1.2":
		size = 16
	case "2.16.840.1.101.3.4.1.22":
		size = 24
	case "2.16.840.1.101.3.4.1.42":
		size = 32
	default:
		return 0, nil, refuseKey(ReasonCipher, "is encrypted by another cipher than AES-CBC", hintReencrypt)
	}
	if !decode(id.Parameters.FullBytes, &iv) || len(iv) != aes.BlockSize {
		return 0, nil, refuseMalformed()
	}
	return size, iv, nil
}

func decryptCBC(key, iv, data []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil || len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil, refuseMalformed()
	}
	plain := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, data)
	pad := int(plain[len(plain)-1])
	if pad < 1 || pad > aes.BlockSize || !isPadding(plain[len(plain)-pad:]) {
		return nil, refuseKey(ReasonPasswordWrong, "is not decrypted by the password", hintPassword)
	}
	return plain[:len(plain)-pad], nil
}

func isPadding(pad []byte) bool {
	return !slices.ContainsFunc(pad, func(b byte) bool { return int(b) != len(pad) })
}

func deriveKey(id pkix.AlgorithmIdentifier, password maskit.Secret, size int) ([]byte, error) {
	switch id.Algorithm.String() {
	case "1.2.840.113549.1.5.12":
		return derivePBKDF2(id.Parameters.FullBytes, password, size)
	case "1.3.6.1.4.1.11591.4.11":
		return deriveScrypt(id.Parameters.FullBytes, password, size)
	}
	return nil, refuseKey(ReasonCipher, "is encrypted with another key derivation than PBKDF2 and scrypt", hintReencrypt)
}

// derivePBKDF2 follows RFC 8018, appendix A.2, without the SHA-1 that is its
// default: MAS is built without it.
func derivePBKDF2(der []byte, password maskit.Secret, size int) ([]byte, error) {
	var params struct {
		Salt      []byte
		Rounds    int
		KeyLength int                      `asn1:"optional"`
		PRF       pkix.AlgorithmIdentifier `asn1:"optional"`
	}
	if !decode(der, &params) || params.Rounds < 1 || params.KeyLength != 0 && params.KeyLength != size {
		return nil, refuseMalformed()
	}
	prf := hmacHash(params.PRF.Algorithm)
	if prf == nil {
		return nil, refuseKey(ReasonCipher, "is encrypted with another hash than SHA-2 in PBKDF2", hintReencrypt)
	}
	if params.Rounds > maxPBKDF2Rounds {
		return nil, refuseCost()
	}
	key, err := pbkdf2.Key(prf, password.Reveal(), params.Salt, params.Rounds, size)
	if err != nil {
		return nil, refuseMalformed()
	}
	return key, nil
}

func hmacHash(oid asn1.ObjectIdentifier) func() hash.Hash {
	switch oid.String() {
	case "1.2.840.113549.2.8":
		return sha256.New224
	case "1.2.840.113549.2.9":
		return sha256.New
	case "1.2.840.113549.2.10":
		return sha512.New384
	case "1.2.840.113549.2.11":
		return sha512.New
	}
	return nil
}

// deriveScrypt follows RFC 7914, section 7.
func deriveScrypt(der []byte, password maskit.Secret, size int) ([]byte, error) {
	var params struct {
		Salt      []byte
		N, R, P   int
		KeyLength int `asn1:"optional"`
	}
	if !decode(der, &params) || params.N < 2 || params.R < 1 || params.P < 1 || params.KeyLength != 0 && params.KeyLength != size {
		return nil, refuseMalformed()
	}
	// N·r·p > maximum, written so that nothing overflows.
	if params.R > maxScryptCost/params.N || params.P > maxScryptCost/(params.N*params.R) {
		return nil, refuseCost()
	}
	key, err := scrypt.Key([]byte(password.Reveal()), params.Salt, params.N, params.R, params.P, size)
	if err != nil {
		return nil, refuseMalformed()
	}
	return key, nil
}

func refuseCost() error {
	return refuseKey(ReasonTooCostly, "asks for more work to derive its key than is reasonable at every start of MAS", hintReencrypt)
}
