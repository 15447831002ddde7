/** The flow table: registry, path discovery, table and packet path. */
module io.culvert.flowtable {
  requires transitive io.culvert.api;

  exports io.culvert.flowtable;
  exports io.culvert.flowtable.admission;
  exports io.culvert.flowtable.path;
  exports io.culvert.flowtable.registry;
  exports io.culvert.flowtable.snapshot;
  exports io.culvert.flowtable.status;
  exports io.culvert.flowtable.worker;

  uses io.culvert.spi.EncapProvider;
}
