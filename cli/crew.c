#include "cli/crew.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/arena.h"

struct slot {
    void *item;
    bool done;
};

/*
 * A ring of the items that are out, by their number n in ring[n % CREW_OUT]:
 * taken <= begun <= given <= taken + CREW_OUT. Below `begun` an item is some worker's or done; from
 * there on it waits.
 */
struct crew {
    crew_work *work;
    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t more;  /* an item waits, or the end came */
    pthread_cond_t done;  /* an item was done */
    struct slot ring[CREW_OUT];
    size_t taken, begun, given;
    bool ended;
    size_t n;
    struct hand {
        struct crew *crew;
        void *tool;
        pthread_t thread;
    } hands[CREW_MAX];
};

/* Do the item that waits longest; called and left with the lock held. */
static void do_next(struct crew *c, void *tool)
{
    struct slot *s = &c->ring[c->begun++ % CREW_OUT];

    pthread_mutex_unlock(&c->lock);
    c->work(tool, s->item);
    pthread_mutex_lock(&c->lock);
    s->done = true;
    pthread_cond_signal(&c->done);
}

static void *hand_main(void *arg)
{
    const struct hand *h = arg;
    struct crew *c = h->crew;

    pthread_mutex_lock(&c->lock);
    for (;;) {
        if (c->begun < c->given)
            do_next(c, h->tool);
        else if (c->ended)
            break;
        else
            pthread_cond_wait(&c->more, &c->lock);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

struct crew *crew_start(crew_work *work, void *const *tools, size_t n)
{
    struct crew *c = calloc(1, sizeof(*c));

    if (!c)
        out_of_memory();
    c->work = work;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->more, NULL);
    pthread_cond_init(&c->done, NULL);
    for (size_t i = 0; i < n && i < CREW_MAX; i++) {
        struct hand *h = &c->hands[c->n];

        *h = (struct hand){ .crew = c, .tool = tools[i] };
        if (pthread_create(&h->thread, NULL, hand_main, h) == 0)
            c->n++;
    }
    return c;
}

void crew_give(struct crew *c, void *item)
{
    pthread_mutex_lock(&c->lock);
    c->ring[c->given++ % CREW_OUT] = (struct slot){ .item = item };
    pthread_cond_signal(&c->more);
    pthread_mutex_unlock(&c->lock);
}

void *crew_take(struct crew *c)
{
    struct slot *s = &c->ring[c->taken % CREW_OUT];

    pthread_mutex_lock(&c->lock);
    if (c->taken == c->given) {
        pthread_mutex_unlock(&c->lock);
        return NULL;
    }
    while (!s->done)
        if (c->n)
            pthread_cond_wait(&c->done, &c->lock);
        else
            do_next(c, c->hands[0].tool);
    c->taken++;
    pthread_mutex_unlock(&c->lock);
    return s->item;
}

void crew_end(struct crew **c)
{
    if (!*c)
        return;
    while (crew_take(*c))
        ;
    pthread_mutex_lock(&(*c)->lock);
    (*c)->ended = true;
    pthread_cond_broadcast(&(*c)->more);
    pthread_mutex_unlock(&(*c)->lock);
    for (size_t i = 0; i < (*c)->n; i++)
        pthread_join((*c)->hands[i].thread, NULL);
    pthread_cond_destroy(&(*c)->done);
    pthread_cond_destroy(&(*c)->more);
    pthread_mutex_destroy(&(*c)->lock);
    free(*c);
    *c = NULL;
}

size_t crew_processors(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

    return n < 1 ? 1 : n > CREW_MAX ? CREW_MAX : (size_t)n;
}
