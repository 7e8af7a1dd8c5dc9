package dev.kemas.template;

/** A piece of an action: {@code kind} says what {@code text} is. */
record Token(Kind kind, String text, int position, boolean spaced) {
  enum Kind {
    /** {@code .Name}, without the dot; a lone dot is empty. */
    FIELD,
    /** {@code $} or {@code $name}, with the dollar. */
    VARIABLE,
    WORD,
    STRING,
    NUMBER,
    /** {@code | ( ) , := =}. */
    SIGN
  }

  boolean is(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }
}
