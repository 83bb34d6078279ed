package live

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// KeycloakUser is a person who logs in.
type KeycloakUser struct {
	Name, Password string
	// NewPassword is what the person chooses when asked for a new one.
	NewPassword string
	// OTPSecret makes the one-time codes; a login that demands enrolment sets it.
	OTPSecret string
}

// ReusableCodes are settings of a realm in which a one-time code works more than once in
// its 30 seconds, so that tests need not wait.
func ReusableCodes() map[string]any {
	return map[string]any{
		"otpPolicyType": "totp", "otpPolicyAlgorithm": "HmacSHA1", "otpPolicyDigits": 6, "otpPolicyPeriod": 30, "otpPolicyLookAheadWindow": 1,
		"otpPolicyInitialCounter": 0, "otpPolicyCodeReusable": true,
	}
}

// Login goes to an address and answers what Keycloak asks, until the browser is sent
// out of Keycloak, or there is nothing that the person can answer: a refusal, an
// information page, or a form whose answer was not accepted. The page has the ids of the
// forms that were answered.
func (b *KeycloakBrowser) Login(address string, as *KeycloakUser) KeycloakPage {
	b.t.Helper()
	return b.Answer(b.Open(address), as)
}

// Answer is Login from a page on.
func (b *KeycloakBrowser) Answer(page KeycloakPage, as *KeycloakUser) KeycloakPage {
	b.t.Helper()
	var steps []string
	for page.Callback == nil {
		form, fields := as.answer(page)
		if form == "" || len(steps) > 0 && steps[len(steps)-1] == form {
			break
		}
		steps = append(steps, form)
		page = b.Submit(page, form, fields)
	}
	page.Steps = steps
	return page
}

// answer is the form of the page that the person fills in; empty if there is none.
func (u *KeycloakUser) answer(page KeycloakPage) (form string, fields map[string]string) {
	for _, id := range []string{"kc-form-login", "kc-otp-login-form", "kc-totp-settings-form", "kc-passwd-update-form", "kc-idp-review-profile-form"} {
		f, ok := page.Forms[id]
		if !ok {
			continue
		}
		switch id {
		case "kc-form-login":
			return id, map[string]string{"username": u.Name, "password": u.Password}
		case "kc-otp-login-form":
			return id, map[string]string{"otp": oneTimeCode(u.OTPSecret, time.Now())}
		case "kc-totp-settings-form":
			u.OTPSecret = f.Fields.Get("totpSecret")
			return id, map[string]string{"totp": oneTimeCode(u.OTPSecret, time.Now()), "userLabel": "phone"}
		case "kc-passwd-update-form":
			u.Password = u.NewPassword
			return id, map[string]string{"password-new": u.NewPassword, "password-confirm": u.NewPassword}
		}
		return id, nil
	}
	return "", nil
}

// oneTimeCode is the TOTP code (RFC 6238, SHA-1, 6 digits, 30 seconds) of a secret,
// whose bytes are the key as they are.
func oneTimeCode(secret string, now time.Time) string {
	mac := hmac.New(sha1.New, []byte(secret))
	_ = binary.Write(mac, binary.BigEndian, now.Unix()/30)
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[offset:])&0x7fffffff%1_000_000)
}

// KeycloakAuthorization is a client's request to log somebody in by the code flow.
type KeycloakAuthorization struct {
	Issuer, ClientID, Secret, RedirectURI string
	// Extra are further parameters; optional.
	Extra url.Values
}

// codeVerifier is the client's part of PKCE.
const codeVerifier = "a-verifier-that-is-long-enough-and-the-same-in-all-tests"

// URL is where the client sends the browser.
func (a KeycloakAuthorization) URL() string {
	challenge := sha256.Sum256([]byte(codeVerifier))
	query := url.Values{
		"client_id": {a.ClientID}, "redirect_uri": {a.RedirectURI}, "response_type": {"code"}, "scope": {"openid"}, "state": {"state"}, "nonce": {"nonce"},
		"code_challenge_method": {"S256"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])},
	}
	maps.Copy(query, a.Extra)
	return a.Issuer + "/protocol/openid-connect/auth?" + query.Encode()
}

// Exchange turns the code that the browser brought into the claims of an ID token,
// whose signature it does not check.
func (a KeycloakAuthorization) Exchange(t testing.TB, page KeycloakPage) map[string]any {
	t.Helper()
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {page.Callback.Get("code")}, "redirect_uri": {a.RedirectURI},
		"client_id": {a.ClientID}, "client_secret": {a.Secret}, "code_verifier": {codeVerifier},
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.Issuer+"/protocol/openid-connect/token", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal("live: token request:", err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var grant struct {
		IDToken string `json:"id_token"`
	}
	if err := exchange(request, &grant); err != nil {
		t.Fatal("live: exchange the code:", err)
	}
	parts := strings.Split(grant.IDToken, ".")
	if len(parts) != 3 {
		t.Fatal("live: no ID token in the answer")
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	claims := map[string]any{}
	if err == nil {
		err = json.Unmarshal(payload, &claims)
	}
	if err != nil {
		t.Fatal("live: the ID token cannot be read:", err)
	}
	return claims
}
