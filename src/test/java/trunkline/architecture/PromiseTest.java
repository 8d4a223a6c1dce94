package trunkline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Goal: the API of users is closed. `feature`, the JSON-RPC types promised with it, Jackson and
/// the JDK suffice to read each of its signatures.
class PromiseTest {
  private static final Path JSONRPC = Path.of("src/main/java/trunkline/jsonrpc/package-info.java");
  private static final Pattern PROMISED = Pattern.compile("\\[(trunkline\\.jsonrpc\\.[\\w.]+)]");

  private static final List<String> FOREIGN =
      List.of("java.", "tools.jackson.", "com.fasterxml.jackson.");

  /// A member and a type that its signature names.
  private record Mention(String member, Class<?> type) {
    @Override
    public String toString() {
      return member + " names " + type.getName();
    }
  }

  @Test
  void signatures_name_only_what_is_promised() throws IOException {
    var promised = promised();
    var api =
        Sources.under(Sources.MAIN).stream()
            .filter(source -> source.shortPackage().equals("feature"))
            .filter(source -> !source.name().equals("package-info"))
            .map(Sources.Source::type)
            .flatMap(PromiseTest::withNested)
            .filter(type -> Modifier.isPublic(type.getModifiers()))
            .toList();

    assertThat(api).hasSizeGreaterThan(50);
    assertThat(api.stream().flatMap(PromiseTest::mentions).distinct())
        .filteredOn(mention -> !isPromised(mention.type, promised))
        .isEmpty();
  }

  @Test
  void what_json_rpc_promises_exists_and_is_public() throws Exception {
    for (var name : promised()) {
      assertThat(Class.forName(name)).isPublic();
    }
  }

  private static Set<String> promised() throws IOException {
    var text = Files.readString(JSONRPC);
    var section = text.substring(text.indexOf("## What is promised"));
    return PROMISED
        .matcher(section)
        .results()
        .map(found -> found.group(1).replace("Message.", "Message$"))
        .collect(Collectors.toSet());
  }

  private static boolean isPromised(Class<?> type, Set<String> promised) {
    return type.isPrimitive()
        || FOREIGN.stream().anyMatch(type.getName()::startsWith)
        || (type.getPackageName().equals("trunkline.feature") && isShown(type))
        || promised.contains(type.getName());
  }

  private static boolean isShown(Class<?> type) {
    var around = type.getEnclosingClass();
    return Modifier.isPublic(type.getModifiers()) && (around == null || isShown(around));
  }

  private static Stream<Class<?>> withNested(Class<?> type) {
    return Stream.concat(
        Stream.of(type), Arrays.stream(type.getDeclaredClasses()).flatMap(PromiseTest::withNested));
  }

  private static Stream<Mention> mentions(Class<?> type) {
    var members =
        Stream.of(
                type.getDeclaredFields(), type.getDeclaredMethods(), type.getDeclaredConstructors())
            .flatMap(Arrays::stream)
            .map(Member.class::cast)
            .filter(member -> !member.isSynthetic())
            .filter(member -> (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0)
            .flatMap(member -> mentions(type, member));
    var above =
        Stream.concat(
                Stream.ofNullable(type.getGenericSuperclass()),
                Arrays.stream(type.getGenericInterfaces()))
            .flatMap(each -> classes(each).stream())
            .map(each -> new Mention(type.getSimpleName(), each));
    return Stream.concat(members, above);
  }

  private static Stream<Mention> mentions(Class<?> type, Member member) {
    var types =
        switch (member) {
          case Field field -> Stream.of(field.getGenericType());
          case Executable code ->
              Stream.of(
                      code.getGenericParameterTypes(),
                      code.getGenericExceptionTypes(),
                      code.getTypeParameters(),
                      new Type[] {code.getAnnotatedReturnType().getType()})
                  .flatMap(Arrays::stream);
          default -> throw new IllegalStateException("neither field nor code: " + member);
        };
    return types
        .flatMap(each -> classes(each).stream())
        .map(each -> new Mention(type.getSimpleName() + "." + member.getName(), each));
  }

  private static Set<Class<?>> classes(Type type) {
    Set<Class<?>> found = new HashSet<>();
    collect(type, found, new HashSet<>());
    return found;
  }

  private static void collect(Type type, Set<Class<?>> found, Set<Type> seen) {
    if (!seen.add(type)) {
      return; // <E extends Enum<E>>
    }
    var parts =
        switch (type) {
          case Class<?> plain when plain.isArray() -> new Type[] {plain.componentType()};
          case Class<?> plain -> {
            found.add(plain);
            yield new Type[0];
          }
          case ParameterizedType generic ->
              Stream.concat(
                      Stream.of(generic.getRawType()),
                      Arrays.stream(generic.getActualTypeArguments()))
                  .toArray(Type[]::new);
          case TypeVariable<?> variable -> variable.getBounds();
          case WildcardType wildcard ->
              Stream.of(wildcard.getUpperBounds(), wildcard.getLowerBounds())
                  .flatMap(Arrays::stream)
                  .toArray(Type[]::new);
          case GenericArrayType array -> new Type[] {array.getGenericComponentType()};
          default -> throw new IllegalStateException("unknown kind of type: " + type);
        };
    for (var part : parts) {
      collect(part, found, seen);
    }
  }
}
