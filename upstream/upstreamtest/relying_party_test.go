package upstreamtest_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/internal/clientauth"
)

// relyingParty signs people in by the parameters of an entry, as MAS does.
type relyingParty struct {
	entry     upstream.Entry
	env       upstream.Env
	key       upstream.CheckKey
	client    *http.Client
	endpoints upstream.CheckEndpoints
	// pkce says that the metadata has S256.
	pkce bool
	// browse goes to the provider and returns what comes back with the browser.
	browse func(address string) url.Values
}

// signIn returns the claims as MAS would read them.
func (rp relyingParty) signIn(ctx context.Context) (upstream.Claims, error) {
	form := url.Values{"grant_type": {"authorization_code"}, "redirect_uri": {rp.env.CallbackURL()}}
	if rp.usesPKCE() {
		form.Set("code_verifier", verifier)
	}
	result := rp.browse(rp.authorizationURL())
	if code := result.Get("error"); code != "" {
		return upstream.Claims{}, fmt.Errorf("error from the provider: %s", code)
	}
	form.Set("code", result.Get("code"))
	var tokens struct {
		AccessToken string `json:"access_token"`
		IDToken     string `json:"id_token"`
	}
	if err := rp.exchange(ctx, form, &tokens); err != nil {
		return upstream.Claims{}, fmt.Errorf("token endpoint: %w", err)
	}
	claims, err := rp.verify(ctx, tokens.IDToken)
	if err != nil {
		return upstream.Claims{}, fmt.Errorf("ID token: %w", err)
	}
	read := upstream.Claims{IDToken: claims}
	if rp.entry.FetchUserinfo {
		read.Userinfo = map[string]any{}
		if err := rp.get(ctx, rp.endpoints.Userinfo, tokens.AccessToken, &read.Userinfo); err != nil {
			return upstream.Claims{}, fmt.Errorf("userinfo: %w", err)
		}
	}
	return read, nil
}

func (rp relyingParty) usesPKCE() bool {
	return rp.entry.PKCEMethod == mas.PKCEAlways || rp.entry.PKCEMethod == mas.PKCEAuto && rp.pkce
}

func (rp relyingParty) authorizationURL() string {
	query := url.Values{
		"response_type": {"code"}, "client_id": {rp.entry.ClientID}, "redirect_uri": {rp.env.CallbackURL()}, "scope": {rp.entry.Scope},
		"state": {"the state"}, "nonce": {"the nonce"},
	}
	if rp.usesPKCE() {
		sum := sha256.Sum256([]byte(verifier))
		query.Set("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]))
		query.Set("code_challenge_method", "S256")
	}
	if rp.entry.ResponseMode != "" {
		query.Set("response_mode", string(rp.entry.ResponseMode))
	}
	return rp.endpoints.Authorization + "?" + query.Encode()
}

func (rp relyingParty) exchange(ctx context.Context, form url.Values, into any) error {
	proof, err := clientauth.Client{
		ID: rp.entry.ClientID, Method: rp.entry.TokenEndpointAuthMethod, Alg: rp.entry.TokenEndpointAuthSigningAlg,
		Secret: rp.entry.ClientSecret.Inline, Key: rp.key.PEM, KeyID: rp.key.ID,
	}.Prove(rp.endpoints.Token, time.Now())
	if err != nil {
		return err
	}
	maps.Copy(form, proof.Form)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, rp.endpoints.Token, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if id, secret, ok := strings.Cut(proof.Basic.Reveal(), ":"); ok {
		request.SetBasicAuth(id, secret)
	}
	return rp.do(request, into)
}

func (rp relyingParty) get(ctx context.Context, address, token string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	return rp.do(request, into)
}

func (rp relyingParty) do(request *http.Request, into any) error {
	response, err := rp.client.Do(request)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%d %s", response.StatusCode, body)
	}
	return json.Unmarshal(body, into)
}

// verify checks an ID token as MAS does.
func (rp relyingParty) verify(ctx context.Context, token string) (map[string]any, error) {
	alg := jose.SignatureAlgorithm(rp.entry.IDTokenSignedResponseAlg)
	if alg == "" {
		alg = jose.RS256
	}
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{alg})
	if err != nil {
		return nil, err
	}
	var set jose.JSONWebKeySet
	if err := rp.get(ctx, rp.endpoints.JWKS, "", &set); err != nil {
		return nil, err
	}
	for _, key := range set.Keys {
		payload, err := signed.Verify(key)
		if err != nil {
			continue
		}
		var claims map[string]any
		if err := json.Unmarshal(payload, &claims); err != nil {
			return nil, err
		}
		return claims, rp.judge(claims)
	}
	return nil, errors.New("none of the keys worked")
}

func (rp relyingParty) judge(claims map[string]any) error {
	audience, _ := claims["aud"].([]any)
	switch {
	case claims["iss"] != rp.entry.Issuer:
		return errors.New("could not validate the issuer")
	case claims["aud"] != rp.entry.ClientID && !slices.Contains(audience, any(rp.entry.ClientID)):
		return errors.New("is for somebody else")
	case claims["nonce"] != "the nonce":
		return errors.New("lacks the nonce")
	}
	return nil
}
