package trunkline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGProperty;

class PostgresUrlTest {
  private static final String SECRET = "s3cret";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          postgres://u:p@db:6543/shop                | jdbc:postgresql://db:6543/shop              | u   | p
          postgresql://u:p@db/shop                   | jdbc:postgresql://db/shop                   | u   | p
          postgresql://db/shop                       | jdbc:postgresql://db/shop                   |     |
          postgresql://u@db                          | jdbc:postgresql://db/u                      | u   |
          postgresql://u:p%40%2F%3A%25%2B+@db/a%20b  | jdbc:postgresql://db/a%20b                  | u   | p@/:%++
          postgresql://a%40b.c:p@db/shop             | jdbc:postgresql://db/shop                   | a@b.c | p
          postgresql://u:p:q?r@db/shop               | jdbc:postgresql://db/shop                   | u   | p:q?r
          postgresql://u:p@a:1,b,[::1]:3/shop        | jdbc:postgresql://a:1,b,[::1]:3/shop        | u   | p
          postgresql:///shop                         | jdbc:postgresql://localhost/shop            |     |
          postgresql:///x?host=db&port=1&dbname=y&user=u&password=p | jdbc:postgresql://db:1/y     | u   | p
          postgresql:///x?host=a,b&port=1            | jdbc:postgresql://a:1,b:1/x                 |     |
          postgres://db/x?sslmode=verify-full&sslrootcert=/a%20b | jdbc:postgresql://db/x?sslmode=verify-full&sslrootcert=%2Fa%20b | |
          postgres://db/x?sslmode=require&channel_binding=require | jdbc:postgresql://db/x?sslmode=require&channelBinding=require | |
          postgres://db/x?sslrootcert=system         | jdbc:postgresql://db/x?sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory&sslmode=verify-full | |
          postgres://db/x?ssl=true                   | jdbc:postgresql://db/x?sslmode=require      |     |
          postgres://db/x?application_name=my%20shop | jdbc:postgresql://db/x?ApplicationName=my%20shop | |
          postgres://db/x?connect_timeout=10         | jdbc:postgresql://db/x?connectTimeout=10    |     |
          postgres://db/x?options=-c%20jit%3Doff     | jdbc:postgresql://db/x?options=-c%20jit%3Doff |   |
          postgres://db/x?target_session_attrs=read-write | jdbc:postgresql://db/x                 |     |
          postgres://db/x?pgbouncer=true             | jdbc:postgresql://db/x?prepareThreshold=0   |     |
          postgres://db/x?gssencmode=disable         | jdbc:postgresql://db/x?gssEncMode=disable   |     |
          postgres://db/x?keepalives=1&client_encoding=UTF8 | jdbc:postgresql://db/x?tcpKeepAlive=true |  |
          postgres://db/x?load_balance_hosts=random  | jdbc:postgresql://db/x?loadBalanceHosts=true |    |
          postgres://db/x?prepareThreshold=0         | jdbc:postgresql://db/x?prepareThreshold=0   |     |
          jdbc:postgresql://[::1]:5/x                | jdbc:postgresql://[::1]:5/x                 |     |
          jdbc:postgresql://[::1],a:5/x              | jdbc:postgresql://[::1],a:5/x               |     |
          jdbc:postgresql:x                          | jdbc:postgresql:x                           |     |
          jdbc:postgresql://db/x?user=u&sslmode=require&password=p%2Bq | jdbc:postgresql://db/x?sslmode=require | u | p+q
          """)
  void both_forms_are_the_drivers_url_and_a_login(
      String url, String jdbc, String user, String password) {
    assertThat(PostgresUrl.parse(url))
        .isEqualTo(new PostgresUrl(jdbc, Optional.ofNullable(user), Optional.ofNullable(password)));
    assertThat(org.postgresql.Driver.parseURL(jdbc, null)).as("the driver reads it").isNotNull();
  }

  /// The driver decodes what was encoded for it.
  @Test
  void what_was_encoded_arrives_as_it_was_meant() {
    var url = PostgresUrl.parse("postgres://db/a%2Fb%3Fc?options=-c%20a%3Db%26c");

    var read = org.postgresql.Driver.parseURL(url.jdbc(), new Properties());

    assertThat(read).isNotNull();
    assertThat(PGProperty.PG_DBNAME.getOrDefault(read)).isEqualTo("a/b?c");
    assertThat(PGProperty.OPTIONS.getOrDefault(read)).isEqualTo("-c a=b&c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          postgres://u:s3@cret@db/x                  | @ is written %40
          postgres://u:s3/cret@db/x                  | / %2F
          postgres://u:s3%cret@db/x                  | a % begins no escape
          postgres://u:s3cret@db:port/x              | no number from 1 to 65535
          postgres://u:s3cret@db:65536/x             | no number from 1 to 65535
          postgres://u:s3cret@d b/x                  | no name of one
          postgres://u:s3cret@%2Fvar%2Frun/x         | Unix socket
          postgres://u:s3cret@/x?host=/cloudsql/a:b  | Unix socket
          postgres://u:s3cret@a,b/x?port=1,2,3       | one port, or one for each host
          postgres://u:s3cret@db/x?sslmode           | has no =
          postgres://u:s3cret@db/x?sslmode=on        | sslmode=on is not one of disable, allow
          postgres://u:s3cret@db/x?sslmode=require&sslrootcert=system | needs sslmode=verify-full
          postgres://u:s3cret@db/x?target_session_attrs=standby | an instance writes
          postgres://u:s3cret@db/x?connect_timeout=5s | connect_timeout=5s is not a number of seconds
          postgres://u:s3cret@db/x?passfile=/p       | the parameter passfile
          postgres://u:s3cret@db/x?hostaddr=10.0.0.1 | the parameter hostaddr
          jdbc:postgresql://u:s3cret@db/x            | leave out jdbc:
          jdbc:postgresql://db:s3cret/x              | this is not a URL such as
          mysql://u:s3cret@db/x                      | this is not a URL such as
          """)
  void what_cannot_be_meant_is_said_without_the_password(String url, String said) {
    assertThatThrownBy(() -> PostgresUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(said)
        .message()
        .doesNotContain(SECRET, "s3", "cret@");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres://u:s3cret@db/x?sslmode=require",
        "postgres://u:s3cret/@?#@db/x",
        "jdbc:postgresql://db/x?a=b&password=s3cret&c=d",
        "jdbc:postgresql://db/x?sslpassword=s3cret",
        "mysql://u:s3cret@db/x"
      })
  void a_masked_url_shows_no_password(String url) {
    assertThat(PostgresUrl.masked(url)).contains("db/x").contains("***").doesNotContain(SECRET);
  }

  @Test
  void it_prints_itself_without_the_password() {
    assertThat(PostgresUrl.parse("postgres://u:s3cret@db/x?sslpassword=s3cret").toString())
        .contains("db/x", "as u")
        .doesNotContain(SECRET);
  }
}
