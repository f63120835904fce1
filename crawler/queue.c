/* Whose turn it is. */
#include "crawler/job.h"

struct slot *queue_slot(struct queue *q, struct str name)
{
    struct slot *s = table_find(&q->by_name, name);

    if (s)
        return s;
    s = ARENA_NEW(q->mem, struct slot, 1);
    s->name = str_dup(q->mem, name);
    table_put(&q->by_name, q->mem, s->name, s);
    *ARENA_PUSH(q->mem, &q->all) = s;
    return s;
}

static void append(struct slot_list *l, struct slot *s)
{
    s->stands = true;
    s->next = NULL;
    if (l->tail)
        l->tail->next = s;
    else
        l->head = s;
    l->tail = s;
}

static struct slot *take(struct slot_list *l)
{
    struct slot *s = l->head;

    if (!s)
        return NULL;
    l->head = s->next;
    if (!l->head)
        l->tail = NULL;
    s->stands = false;
    return s;
}

void queue_wake(struct queue *q, struct slot *s)
{
    if (!s->head || s->pace.busy || s->stands)
        return;
    s->due_us = 0;
    append(s->pace.used ? &q->warm : &q->fresh, s);
    q->n_ready++;
}

void queue_unblock(struct queue *q)
{
    struct slot *s;

    while ((s = take(&q->blocked)))
        queue_wake(q, s);
}

void queue_block(struct queue *q, struct slot *s)
{
    if (!s->stands)
        append(&q->blocked, s);
}

void queue_push_back(struct queue *q, struct job *j)
{
    struct slot *s = j->group;

    j->next = NULL;
    if (s->tail)
        s->tail->next = j;
    else
        s->head = j;
    s->tail = j;
    q->n++;
    if (s->head == j)
        queue_wake(q, s);
}

void queue_push_front(struct queue *q, struct job *j)
{
    struct slot *s = j->group;

    j->next = s->head;
    s->head = j;
    if (!s->tail)
        s->tail = j;
    q->n++;
    queue_wake(q, s);
}

struct job *queue_pop(struct queue *q, struct slot *s)
{
    struct job *j = s->head;

    s->head = j->next;
    if (!s->head)
        s->tail = NULL;
    j->next = NULL;
    q->n--;
    return j;
}

static void swap(struct slot_time *a, struct slot_time *b)
{
    struct slot_time t = *a;

    *a = *b;
    *b = t;
}

void queue_wait(struct queue *q, struct slot *s, int64_t due_us)
{
    struct slot_time *heap;
    size_t i;

    s->due_us = due_us;
    *ARENA_PUSH(q->mem, &q->later) = (struct slot_time){ due_us, s };
    heap = q->later.items;
    for (i = q->later.n - 1; i && heap[(i - 1) / 2].due_us > heap[i].due_us; i = (i - 1) / 2)
        swap(&heap[i], &heap[(i - 1) / 2]);
}

static struct slot_time pop_later(struct slot_times *l)
{
    struct slot_time first = l->items[0], *heap = l->items;
    size_t n = --l->n, i = 0, child;

    heap[0] = heap[n];
    while ((child = 2 * i + 1) < n) {
        child += child + 1 < n && heap[child + 1].due_us < heap[child].due_us;
        if (heap[i].due_us <= heap[child].due_us)
            break;
        swap(&heap[i], &heap[child]);
        i = child;
    }
    return first;
}

int64_t queue_due_us(const struct queue *q)
{
    return q->later.n ? q->later.items[0].due_us : PACE_NEVER;
}

struct slot *queue_next(struct queue *q, int64_t now_us)
{
    struct slot *s;

    while (queue_due_us(q) <= now_us) {
        struct slot_time t = pop_later(&q->later);

        if (t.slot->due_us == t.due_us)
            queue_wake(q, t.slot);
    }
    do {
        s = take(q->warm.head ? &q->warm : &q->fresh);
        q->n_ready -= s != NULL;
    } while (s && (s->pace.busy || !s->head));
    return s;
}
