/// Who sends a request, and what its credentials let it do.
///
/// `http` asks an [trunkline.access.Authenticator] for each request before it reads the body, and
/// again while a stream lasts ([trunkline.access.Authenticator.Standing]): credentials that expire
/// or are revoked end what was opened with them.
///
/// Several kinds may be configured at once: [trunkline.access.WaysIn] tells by a token's form which
/// of them judges it, and has all of them answer with the same [trunkline.access.Challenges].
///
/// | kind | proof | scopes |
/// |---|---|---|
/// | [trunkline.access.BearerTokens] | a token whose SHA-256 is in a file | the claim `scope` of its line |
/// | `access.oauth` | an access token of an issuer, signed or looked up | its claims `scope` and `scp` |
/// | [trunkline.access.ClientCertificate] | the certificate of the connection, if the others know nobody | none |
/// | `access.key` | an API key that is a row of the database | those it was issued with |
/// | [trunkline.access.TrustedHeader] | a header set by a proxy that is listed | a second header of that proxy |
///
/// Nothing secret leaves this package: a [trunkline.session.Credential] names a token without
/// giving it away.
@NullMarked
package trunkline.access;

import org.jspecify.annotations.NullMarked;
