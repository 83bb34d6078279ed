package migratetest

import (
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"strconv"
	"strings"
)

// localpart is unique: a first and a last name, and a number when these run out. The
// names do not follow the order of registration.
func (p *population) localpart(u profile, i int) string {
	n := p.names.at(i)
	switch u.kind {
	case guest:
		return strconv.Itoa(n + 1)
	case appservice:
		return "_telegram_" + strconv.Itoa(100_000_000+n)
	}
	name := p.first[n%len(p.first)] + "." + p.last[n/len(p.first)%len(p.last)]
	if number := n / (len(p.first) * len(p.last)); number > 0 {
		name += strconv.Itoa(number)
	}
	return name
}

func (p *population) userID(u profile, i int) string {
	return "@" + p.localpart(u, i) + ":" + p.ServerName
}

func firstNames() []string {
	return strings.Fields(`anna ben clara david emma felix greta hugo ida jonas karla leo mia noah olga paul
		rosa simon tilda uwe vera willi xenia yann zoe amir bilal chen dmitri esra fatima giulia hana ivan
		jose kofi lucia mateo nadia omar priya qing rahul sofia tomas ursula viktor wanda yusuf zeynep`)
}

func lastNames() []string {
	return strings.Fields(`mueller schmidt schneider fischer weber meyer wagner becker schulz hoffmann koch bauer
		richter klein wolf schroeder neumann schwarz zimmermann braun krueger hofmann hartmann lange werner
		smith jones taylor brown williams martin dubois bernard moreau garcia lopez rossi ferrari russo
		novak kowalski nowak ivanov petrov yilmaz kaya demir nguyen tran wang li zhang kim park sato`)
}

// accessToken is as Synapse makes them: the user's name, chance, and a checksum.
func accessToken(d *rand.Rand, localpart string) string { return token(d, "syt", localpart) }

func refreshToken(d *rand.Rand, localpart string) string { return token(d, "syr", localpart) }

func token(d *rand.Rand, prefix, localpart string) string {
	base := prefix + "_" + base64.RawStdEncoding.EncodeToString([]byte(localpart)) + "_" + letters(d, mixedCase, 20)
	return base + "_" + base62(crc32.ChecksumIEEE([]byte(base)))
}

const (
	upperCase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	mixedCase = upperCase + "abcdefghijklmnopqrstuvwxyz"
	base64URL = mixedCase + "0123456789./"
)

func letters(d *rand.Rand, alphabet string, n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = alphabet[d.IntN(len(alphabet))]
	}
	return string(text)
}

// base62 writes a checksum as Synapse does, with at least six digits.
func base62(n uint32) string {
	const digits = "0123456789" + mixedCase
	text := make([]byte, 6)
	for i := len(text) - 1; i >= 0; i-- {
		text[i] = digits[n%62]
		n /= 62
	}
	return string(text)
}

// bcryptHash looks like a hash; no password fits it.
func bcryptHash(d *rand.Rand) string { return "$2b$12$" + letters(d, base64URL, 53) }

func address(d *rand.Rand) string {
	switch share := d.Float64(); {
	case share < 0.85:
		return fmt.Sprintf("%d.%d.%d.%d", 1+d.IntN(223), d.IntN(256), d.IntN(256), d.IntN(256))
	case share < 0.98:
		return fmt.Sprintf("2001:db8:%x:%x::%x", d.IntN(1<<16), d.IntN(1<<16), 1+d.IntN(1<<16-1))
	}
	return "-"
}

func displayName(d *rand.Rand) string {
	names := []string{
		"Element Desktop (Linux)", "Element Android", "Element iOS", "app.element.io: Chrome on Windows", "app.element.io: Firefox on Linux",
		"Cinny Web", "Nheko on laptop", "FluffyChat android", "mautrix bot", "Arbeitsgerät im Büro",
	}
	return names[d.IntN(len(names))]
}

func userAgent(d *rand.Rand) string {
	agents := []string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
		"Element/1.6.20 (Google Pixel 7; Android 14; MatrixAndroidSdk2 1.6.20)", "Element/1.11.19 (iPhone 14; iOS 17.5.1; Scale/3.00)",
		"matrix-nio/0.24.0", "",
	}
	return agents[d.IntN(len(agents))]
}
