# A realm, and a client for MAS in it, set up by hand the usual way: by Keycloak's kcadm.sh,
# or as much in the admin console.
#
#   kcadm.sh config credentials --server https://sso.example.com --realm master --user admin
#   REALM=staff sh setup.sh

kcadm.sh create realms -s realm=$REALM -s enabled=true -s displayName=Staff -s registrationAllowed=true -s resetPasswordAllowed=true
kcadm.sh create groups -r $REALM -s name=matrix-users
kcadm.sh create clients -r $REALM -s clientId=matrix -s secret=made-by-hand-long-ago -s publicClient=false -s directAccessGrantsEnabled=true -s 'redirectUris=["https://account.example.com/*"]' -s 'webOrigins=["+"]' -s frontchannelLogout=true -s fullScopeAllowed=true
CLIENT=$(kcadm.sh get clients -r $REALM -q clientId=matrix --fields id --format csv --noquotes)
kcadm.sh create clients/$CLIENT/protocol-mappers/models -r $REALM -s name=groups -s protocol=openid-connect -s protocolMapper=oidc-group-membership-mapper -s 'config={"claim.name":"groups","full.path":"false","id.token.claim":"true","access.token.claim":"true","userinfo.token.claim":"true"}'
kcadm.sh create identity-provider/instances -r $REALM -s alias=partner -s providerId=oidc -s enabled=true -s trustEmail=true -s config.clientId=keycloak -s config.clientSecret=shared-with-the-partner -s config.authorizationUrl=https://login.partner.example/authorize -s config.tokenUrl=https://login.partner.example/token
# What else there is in the realm, and stays as it is.
kcadm.sh create clients -r $REALM -s clientId=wiki -s publicClient=true -s 'redirectUris=["https://wiki.example.com/*"]'
