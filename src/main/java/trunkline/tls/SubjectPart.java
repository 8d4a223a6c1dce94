package trunkline.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;

/// The part of a client's certificate that names its principal.
public enum SubjectPart {
  /// The common name of its subject.
  CN,
  /// The subject's alternative name that is a URI, such as `spiffe://example.org/kitchen`.
  URI(6),
  /// The alternative name that is an e-mail address.
  EMAIL(1),
  /// The alternative name that is a host's.
  DNS(2),
  /// The whole distinguished name, as RFC 2253 spells it.
  SUBJECT,
  /// None: a certificate lets a client connect, and says nothing of who it is.
  NONE;

  private static final int NO_TAG = -1;

  private final int tag;

  SubjectPart() {
    this(NO_TAG);
  }

  /// @param tag of the alternative name (RFC 5280 section 4.2.1.6)
  SubjectPart(int tag) {
    this.tag = tag;
  }

  /// What the certificate has there; empty when it has nothing, or more than one: nobody knows
  /// which of them was checked by whoever signed it.
  public Optional<String> of(X509Certificate certificate) {
    var values =
        switch (this) {
          case CN -> commonNames(certificate.getSubjectX500Principal());
          case URI, EMAIL, DNS -> alternatives(certificate, tag);
          case SUBJECT -> List.of(certificate.getSubjectX500Principal().getName());
          case NONE -> List.<String>of();
        };
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }

  private static List<String> commonNames(X500Principal subject) {
    List<String> names = new ArrayList<>();
    try {
      for (var part : new LdapName(subject.getName()).getRdns()) {
        var attribute = part.toAttributes().get("CN");
        if (attribute != null) {
          names.addAll(values(attribute));
        }
      }
    } catch (NamingException _) {
      return List.of();
    }
    return names;
  }

  private static List<String> values(Attribute attribute) throws NamingException {
    List<String> values = new ArrayList<>();
    for (var i = 0; i < attribute.size(); i++) {
      if (!(attribute.get(i) instanceof String text)) {
        throw new InvalidNameException("not a text");
      }
      values.add(text);
    }
    return values;
  }

  private static List<String> alternatives(X509Certificate certificate, int tag) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .filter(name -> name.getFirst().equals(tag))
              .map(name -> String.valueOf(name.get(1)))
              .toList();
    } catch (CertificateParsingException _) {
      return List.of();
    }
  }
}
