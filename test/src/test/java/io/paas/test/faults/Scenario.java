package io.paas.test.faults;

/// One thing that a user asks of a set.
enum Scenario {
    CREATE {
        @Override
        void act(World world) {
            world.create(3, PARALLEL);
        }
    },
    CREATE_IN_ORDER {
        @Override
        void act(World world) {
            world.create(3, ORDERED);
        }
    },
    SCALE_OUT {
        @Override
        void prepare(World world) {
            world.create(2, PARALLEL);
        }

        @Override
        void act(World world) {
            world.patchSpec("{\"replicas\": 4}");
        }
    },
    SCALE_OUT_IN_ORDER {
        @Override
        void prepare(World world) {
            world.create(1, ORDERED);
        }

        @Override
        void act(World world) {
            world.patchSpec("{\"replicas\": 3}");
        }
    },
    NAMED_SCALE_IN {
        @Override
        void prepare(World world) {
            world.create(4, PARALLEL);
        }

        @Override
        void act(World world) {
            world.observer().letGo("1");
            world.patchSpec("{\"replicas\": 3, \"offlineOrdinals\": [\"1\"]}");
        }
    },
    ROLLING_UPDATE {
        @Override
        void prepare(World world) {
            world.create(3, PARALLEL);
        }

        @Override
        void act(World world) {
            world.image("image:2");
        }
    },
    ROLLBACK {
        @Override
        void prepare(World world) throws InterruptedException {
            world.create(3, PARALLEL);
            world.settle();
            world.image("image:2");
        }

        @Override
        void act(World world) {
            world.image("image:1");
        }
    },
    DELETE {
        @Override
        void prepare(World world) {
            world.create(3, PARALLEL);
        }

        @Override
        void act(World world) throws InterruptedException {
            world.observer().letGo("0", "1", "2");
            world.delete();
        }
    };

    private static final String PARALLEL = "Parallel";
    private static final String ORDERED = "OrderedReady";

    /// Brings about what is there before; nothing is broken yet.
    void prepare(World world) throws InterruptedException {}

    abstract void act(World world) throws InterruptedException;
}
