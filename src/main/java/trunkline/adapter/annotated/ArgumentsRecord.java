package trunkline.adapter.annotated;

import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.Attribute;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodSignature;
import java.lang.classfile.Opcode;
import java.lang.classfile.Signature;
import java.lang.classfile.TypeAnnotation;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.MethodParameterInfo;
import java.lang.classfile.attribute.MethodParametersAttribute;
import java.lang.classfile.attribute.RecordAttribute;
import java.lang.classfile.attribute.RecordComponentInfo;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.classfile.attribute.RuntimeVisibleTypeAnnotationsAttribute;
import java.lang.classfile.attribute.SignatureAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import trunkline.feature.Default;
import trunkline.feature.Description;

/// A method's parameters as the components of a record that is made for them, so that schema and
/// binding are those of every record, and nothing of that is written twice.
final class ArgumentsRecord {
  private static final ClassDesc RECORD = ClassDesc.of("java.lang.Record");
  private static final ClassDesc NULLABLE = Nullable.class.describeConstable().orElseThrow();
  private static final ClassDesc DESCRIPTION = Description.class.describeConstable().orElseThrow();
  private static final ClassDesc DEFAULT = Default.class.describeConstable().orElseThrow();

  /// Two methods of a class may have one name.
  private static final AtomicLong MADE = new AtomicLong();

  private static final int RECORD_FLAGS =
      ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER;

  private final Class<? extends Record> type;
  private final List<Method> accessors;

  private ArgumentsRecord(Class<? extends Record> type, List<Method> accessors) {
    this.type = type;
    this.accessors = accessors;
  }

  /// @param around whose parameters they are: it sees their types
  static ArgumentsRecord of(Class<?> around, List<Argument> arguments) {
    var made = define(around, arguments);
    var accessors = new ArrayList<Method>();
    for (var component : made.getRecordComponents()) {
      accessors.add(component.getAccessor());
    }
    return new ArgumentsRecord(made, accessors);
  }

  Class<? extends Record> type() {
    return type;
  }

  /// The values in the order of the parameters.
  List<@Nullable Object> values(Object arguments) throws ReflectiveOperationException {
    var values = new ArrayList<@Nullable Object>();
    for (var accessor : accessors) {
      values.add(accessor.invoke(arguments));
    }
    return values;
  }

  /// Beside the method's class, so that it may name whatever the method may.
  private static Class<? extends Record> define(Class<?> around, List<Argument> arguments) {
    var name = ClassDesc.of(around.getName() + "$Arguments" + MADE.incrementAndGet());
    var bytes = ClassFile.of().build(name, made -> write(made, name, arguments));
    try {
      return MethodHandles.privateLookupIn(around, MethodHandles.lookup())
          .defineClass(bytes)
          .asSubclass(Record.class);
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException(
          "its package is closed: open " + around.getPackageName() + " in its module", e);
    }
  }

  private static void write(ClassBuilder made, ClassDesc self, List<Argument> arguments) {
    made.withFlags(RECORD_FLAGS).withSuperclass(RECORD);
    made.with(
        RecordAttribute.of(
            arguments.stream()
                .map(each -> RecordComponentInfo.of(each.name(), raw(each), attributes(each, true)))
                .toList()));
    for (var each : arguments) {
      made.withField(
          each.name(),
          raw(each),
          field -> {
            field.withFlags(ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
            attributes(each, false).forEach(attribute -> field.with(signature(attribute)));
          });
      made.withMethod(
          each.name(),
          MethodTypeDesc.of(raw(each)),
          ClassFile.ACC_PUBLIC,
          method ->
              method
                  .with(SignatureAttribute.of(MethodSignature.of(TypeSignature.of(each.type()))))
                  .withCode(code ->
                      code.aload(0)
                          .getfield(self, each.name(), raw(each))
                          .return_(TypeKind.from(raw(each)))));
    }
    constructor(made, self, arguments);
    ownMethods(made);
  }

  private static SignatureAttribute signature(Attribute<?> attribute) {
    return (SignatureAttribute) attribute;
  }

  private static void constructor(ClassBuilder made, ClassDesc self, List<Argument> arguments) {
    made.withMethod(
        ConstantDescs.INIT_NAME,
        MethodTypeDesc.of(
            ConstantDescs.CD_void, arguments.stream().map(ArgumentsRecord::raw).toList()),
        ClassFile.ACC_PUBLIC,
        method ->
            method
                .with(
                    MethodParametersAttribute.of(
                        arguments.stream()
                            .map(each ->
                                MethodParameterInfo.ofParameter(Optional.of(each.name()), 0))
                            .toList()))
                .with(
                    SignatureAttribute.of(
                        MethodSignature.of(
                            Signature.parseFrom("V"),
                            arguments.stream()
                                .map(each -> TypeSignature.of(each.type()))
                                .toArray(Signature[]::new))))
                .withCode(code -> {
                  code.aload(0)
                      .invokespecial(RECORD, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void);
                  var slot = 1;
                  for (var each : arguments) {
                    var kind = TypeKind.from(raw(each));
                    code.aload(0).loadLocal(kind, slot).putfield(self, each.name(), raw(each));
                    slot += kind.slotSize();
                  }
                  code.return_();
                }));
  }

  /// What records have to have. Nobody compares these or shows them.
  private static void ownMethods(ClassBuilder made) {
    made.withMethodBody(
        "toString",
        MethodTypeDesc.of(ConstantDescs.CD_String),
        ClassFile.ACC_PUBLIC,
        code -> code.ldc("the arguments of a method").areturn());
    made.withMethodBody(
        "hashCode",
        MethodTypeDesc.of(ConstantDescs.CD_int),
        ClassFile.ACC_PUBLIC,
        code ->
            code.aload(0)
                .invokestatic(
                    ClassDesc.of("java.lang.System"),
                    "identityHashCode",
                    MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_Object))
                .ireturn());
    made.withMethodBody(
        "equals",
        MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_Object),
        ClassFile.ACC_PUBLIC,
        code ->
            code.aload(0)
                .aload(1)
                .ifThenElse(
                    Opcode.IF_ACMPEQ,
                    same -> same.iconst_1().ireturn(),
                    other -> other.iconst_0().ireturn()));
  }

  private static ClassDesc raw(Argument argument) {
    return TypeSignature.raw(argument.type()).describeConstable().orElseThrow();
  }

  private static List<Attribute<?>> attributes(Argument argument, boolean annotated) {
    var attributes = new ArrayList<Attribute<?>>();
    attributes.add(SignatureAttribute.of(TypeSignature.of(argument.type())));
    if (annotated) {
      var annotations = new ArrayList<Annotation>();
      if (argument.description() != null) {
        annotations.add(valued(DESCRIPTION, argument.description()));
      }
      if (argument.byDefault() != null) {
        annotations.add(valued(DEFAULT, argument.byDefault()));
      }
      attributes.add(RuntimeVisibleAnnotationsAttribute.of(annotations));
      if (argument.isNullable()) {
        attributes.add(
            RuntimeVisibleTypeAnnotationsAttribute.of(
                TypeAnnotation.of(
                    TypeAnnotation.TargetInfo.ofField(), List.of(), Annotation.of(NULLABLE))));
      }
    }
    return attributes;
  }

  private static Annotation valued(ClassDesc type, String value) {
    return Annotation.of(type, AnnotationElement.ofString("value", value));
  }
}
