package shop;

import java.time.Duration;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import trunkline.Server;
import trunkline.Trunkline;
import trunkline.feature.Catalog;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;

@SpringBootApplication
public class ShopApplication {

  record Order(String article) {}

  public static void main(String[] arguments) {
    var context = SpringApplication.run(ShopApplication.class, arguments);
    var web = ((WebServerApplicationContext) context).getWebServer();
    LoggerFactory.getLogger(ShopApplication.class)
        .info("open web={} mcp={}", web.getPort(), context.getBean(Server.class).url());
  }

  @Bean
  Tool takeOrder(JdbcClient jdbc) {
    return Tool.named("take_order")
        .description("Takes an order and says how many there are")
        .input(Order.class)
        .handler(
            (order, context) -> {
              jdbc.sql("insert into orders (article) values (?)").param(order.article()).update();
              var count = jdbc.sql("select count(*) from orders").query(Long.class).single();
              return ToolResult.text("order " + count);
            });
  }

  @Bean
  Server trunkline(Tool takeOrder, Environment settings) {
    return Trunkline.builder()
        .catalog(Catalog.builder().add(takeOrder).build())
        .databaseUrl(settings.getRequiredProperty("spring.datasource.url"))
        .databaseUser(settings.getRequiredProperty("spring.datasource.username"))
        .databasePassword(settings.getRequiredProperty("spring.datasource.password"))
        .databasePoolSize(4)
        .port(0)
        .drainDelay(Duration.ZERO)
        .start();
  }
}
