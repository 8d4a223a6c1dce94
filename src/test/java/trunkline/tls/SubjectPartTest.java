package trunkline.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trunkline.testing.TestAuthority;

class SubjectPartTest {
  private static X509Certificate whole;
  private static X509Certificate twofold;

  @BeforeAll
  static void make(@TempDir Path folder) {
    var authority = TestAuthority.create(folder);
    whole =
        read(
            authority.issue(
                "whole",
                "CN=\"Lovelace, Ada\", OU=Kitchen, O=Test",
                "san=uri:spiffe://example.org/ada,email:ada@example.org,dns:ada.example.org"));
    twofold =
        read(authority.issue("twofold", "CN=Ada, CN=Eve", "san=uri:urn:a,uri:urn:b,dns:a.example"));
  }

  private static X509Certificate read(TestAuthority.Issued issued) {
    return Pem.read(issued.certificate()).certificates().getFirst();
  }

  @Test
  void each_part_is_found() {
    assertThat(SubjectPart.CN.of(whole)).contains("Lovelace, Ada");
    assertThat(SubjectPart.URI.of(whole)).contains("spiffe://example.org/ada");
    assertThat(SubjectPart.EMAIL.of(whole)).contains("ada@example.org");
    assertThat(SubjectPart.DNS.of(whole)).contains("ada.example.org");
    assertThat(SubjectPart.SUBJECT.of(whole)).contains("CN=Lovelace\\, Ada,OU=Kitchen,O=Test");
    assertThat(SubjectPart.NONE.of(whole)).isEmpty();
  }

  @Test
  void one_that_is_there_twice_or_not_at_all_names_nobody() {
    assertThat(SubjectPart.CN.of(twofold)).isEmpty();
    assertThat(SubjectPart.URI.of(twofold)).isEmpty();
    assertThat(SubjectPart.EMAIL.of(twofold)).isEmpty();
    assertThat(SubjectPart.DNS.of(twofold)).contains("a.example");
  }
}
