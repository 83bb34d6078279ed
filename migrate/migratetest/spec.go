package migratetest

// Spec says what [Generate] makes.
type Spec struct {
	// Users is how many rows the table users gets.
	Users int
	// Seed selects one of many homeservers of that size.
	Seed uint64
	// ServerName is the domain of all users. Default: "example.com".
	ServerName string
	// Mix is what kinds of users there are, and what they have. Default: [DefaultMix].
	Mix Mix
}

// Mix is how often things are. Shares are between 0 and 1. The zero Mix stands for
// [DefaultMix]; a Mix with any field set is taken as it is.
type Mix struct {
	// Appservice, Deactivated and Guests are shares of all users; the rest are people.
	Appservice, Deactivated, Guests float64
	// Locked and Admins are shares of the people.
	Locked, Admins float64
	// Devices is how many devices a person has on average. Many have none, few have many.
	Devices float64
	// Tokens is how many access tokens people have for each user on average, at most Devices.
	Tokens float64
	// CrossSigning is the share of people with devices who have the three hidden devices
	// in which Synapse keeps the keys of cross-signing.
	CrossSigning float64
	// Refresh is the share of tokens that came with a refresh token.
	Refresh float64
	// Threepids is how many addresses a person has on average; one in twenty is a phone number.
	Threepids float64
	// ExternalIDs is the share of people who log in through an identity provider. Most
	// of them have no password.
	ExternalIDs float64
	// Deviceless and Puppets are the shares of people who have an access token without a
	// device, and of those as whom an administrator has logged in.
	Deviceless, Puppets float64
}

// DefaultMix is that of a homeserver that has been open to the public for years: with
// a million users about 1.8 million devices, 1.4 million tokens, 0.3 million addresses
// and 0.25 million links. The other shares are guesses, high enough to be noticed.
func DefaultMix() Mix {
	return Mix{
		Appservice: 0.05, Deactivated: 0.03, Guests: 0.01, Locked: 0.005, Admins: 0.001,
		Devices: 1.78, Tokens: 1.44, CrossSigning: 0.2, Refresh: 0.08, Threepids: 0.33, ExternalIDs: 0.25,
		Deviceless: 0.002, Puppets: 0.001,
	}
}

func (s Spec) withDefaults() Spec {
	if s.ServerName == "" {
		s.ServerName = "example.com"
	}
	if s.Mix == (Mix{}) {
		s.Mix = DefaultMix()
	}
	return s
}
