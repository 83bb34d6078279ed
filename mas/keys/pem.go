package keys

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	pemBegin = "-----BEGIN "
	pemEnd   = "-----END "
	pemDash  = "-----"
	pemWidth = 64
)

// hintRewrap mends whatever openssl can read and MAS cannot.
const hintRewrap = "rewrite it with openssl pkey -in key.pem -out fixed.pem"

// findPEM takes the one PEM block of text apart, as strictly as MAS does: RFC 7468,
// section 3, figure 3 ("strict"), where text may stand before the block.
func findPEM(text string) (encodedKey, error) {
	label, err := onlyLabel(text)
	if err != nil {
		return encodedKey{}, err
	}
	f, err := formatOfLabel(label)
	if err != nil {
		return encodedKey{}, err
	}
	body, err := pemBody(text, label)
	if err != nil {
		return encodedKey{}, err
	}
	der, err := decodeLines(body)
	if err != nil {
		return encodedKey{}, err
	}
	return encodedKey{format: f, der: der}, nil
}

// onlyLabel returns the label of the only block.
func onlyLabel(text string) (string, error) {
	var labels []string
	for _, after := range strings.Split(text, pemBegin)[1:] {
		label, _, _ := strings.Cut(after, pemDash)
		labels = append(labels, label)
	}
	switch {
	case slices.Contains(labels, "EC PARAMETERS"):
		return "", refuseKey(ReasonECParameters, "has an EC PARAMETERS block, which MAS does not read", "remove the block, or generate with openssl genpkey instead of ecparam -genkey")
	case len(labels) > 1:
		return "", refuseKey(ReasonSeveralBlocks, "holds more than one PEM block", "keep the one private key; a second key is an entry of its own")
	}
	return labels[0], nil
}

func formatOfLabel(label string) (format, error) {
	switch label {
	case "PRIVATE KEY":
		return pkcs8, nil
	case "RSA PRIVATE KEY":
		return pkcs1, nil
	case "EC PRIVATE KEY":
		return sec1, nil
	case "ENCRYPTED PRIVATE KEY":
		return encryptedPKCS8, nil
	case "PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE", "CERTIFICATE REQUEST":
		return notAKey, refusePublic()
	case "OPENSSH PRIVATE KEY":
		return notAKey, refuseKey(ReasonFormat, "is in OpenSSH's own format", "convert a copy with ssh-keygen -p -m PKCS8 -f copy")
	}
	return notAKey, refuseKey(ReasonFormat, "is a PEM block of another kind than PRIVATE KEY, RSA PRIVATE KEY, EC PRIVATE KEY and ENCRYPTED PRIVATE KEY", hintGenerate)
}

// pemBody returns the lines between the two boundaries.
func pemBody(text, label string) (string, error) {
	before, after, _ := strings.Cut(text, pemBegin+label+pemDash)
	if before != "" && !strings.HasSuffix(before, "\n") {
		return "", refuseKey(ReasonPEM, "does not start its BEGIN line at the left margin", "remove what stands before -----BEGIN on that line")
	}
	if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
		return "", refuseKey(ReasonPEM, "is not UTF-8 text", hintRewrap)
	}
	after = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(after)
	body, tail, found := strings.Cut(after, "\n"+pemEnd+label+pemDash)
	if !found {
		return "", refuseKey(ReasonPEM, "has no END line of its own that matches its BEGIN line", "check that the file is complete and that its line breaks are real ones, not \\n")
	}
	if tail != "" && tail != "\n" {
		return "", refuseKey(ReasonTrailingData, "has text or blank lines after the END line", "end the file right after the END line")
	}
	body, found = strings.CutPrefix(body, "\n")
	if !found {
		return "", refuseKey(ReasonPEM, "has text after the BEGIN line's dashes", hintRewrap)
	}
	if strings.Contains(body, ":") {
		return "", refuseHeaders(body)
	}
	return body, nil
}

func refuseHeaders(body string) error {
	if strings.Contains(body, "ENCRYPTED") {
		return refuseKey(ReasonFormat, "is encrypted in OpenSSL's old format (Proc-Type: 4,ENCRYPTED)", "convert it with openssl pkcs8 -topk8 -in key.pem -out new.pem")
	}
	return refuseKey(ReasonPEM, "has header lines in its PEM block", hintRewrap)
}

// decodeLines decodes base64 in lines of exactly 64 characters; the last may be shorter.
func decodeLines(body string) ([]byte, error) {
	lines := strings.Split(body, "\n")
	for i, line := range lines {
		if last := i == len(lines)-1; len(line) > pemWidth || line == "" || !last && len(line) < pemWidth {
			return nil, refuseKey(ReasonPEM, "has lines of another length than 64 characters in its PEM block", hintRewrap)
		}
	}
	der, err := base64.StdEncoding.Strict().DecodeString(strings.Join(lines, ""))
	if err != nil {
		return nil, refuseKey(ReasonPEM, "holds something that is not base64 in its PEM block", "copy it again, without spaces")
	}
	return der, nil
}
