/** The vocabulary of Culvert: wire formats, the encapsulation SPI and the virtual-device model. */
module io.culvert.api {
  requires transitive io.vavr;
  requires static transitive org.jspecify;

  exports io.culvert.path;
  exports io.culvert.spi;
  exports io.culvert.wire;
}
