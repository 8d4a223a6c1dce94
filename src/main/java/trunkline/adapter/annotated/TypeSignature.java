package trunkline.adapter.annotated;

import java.lang.classfile.Signature;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reflection's types as class files spell them.
final class TypeSignature {
  private TypeSignature() {}

  static Signature of(Type type) {
    return Signature.parseFrom(spelled(type));
  }

  static Class<?> raw(Type type) {
    return switch (type) {
      case Class<?> plain -> plain;
      case ParameterizedType generic -> raw(generic.getRawType());
      case GenericArrayType array -> raw(array.getGenericComponentType()).arrayType();
      case WildcardType wildcard -> raw(wildcard.getUpperBounds()[0]);
      case TypeVariable<?> variable -> raw(variable.getBounds()[0]);
      default -> throw new IllegalArgumentException("unknown kind of type: " + type);
    };
  }

  private static String spelled(Type type) {
    return switch (type) {
      case Class<?> plain -> plain.descriptorString();
      case ParameterizedType generic -> {
        var name = raw(generic).descriptorString();
        yield name.substring(0, name.length() - 1)
            + Stream.of(generic.getActualTypeArguments())
                .map(TypeSignature::spelled)
                .collect(Collectors.joining("", "<", ">;"));
      }
      case GenericArrayType array -> "[" + spelled(array.getGenericComponentType());
      default -> raw(type).descriptorString(); // a variable or wildcard counts as its bound
    };
  }
}
