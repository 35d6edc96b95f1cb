import changxiao.catalog.models.criteria
import django.core.validators
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('catalog', '0001_initial'),
        ('catalog', '0002_sheet_draft'),
        ('catalog', '0003_public_rule'),
        ('catalog', '0004_question'),
        ('catalog', '0005_answers_and_control_areas'),
        ('catalog', '0006_photos_of_a_public_rule'),
        ('catalog', '0007_longer_policy_values'),
        ('catalog', '0008_place_kind'),
    ]

    dependencies = [
        ('orgs', '0001_first_release'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(unique=True, verbose_name='日期')),
                ('is_workday', models.BooleanField(verbose_name='工作日')),
                ('name', models.CharField(blank=True, default='', max_length=40, verbose_name='名称')),
                ('source', models.CharField(blank=True, default='', max_length=200, verbose_name='出处')),
            ],
            options={
                'verbose_name': '日历',
                'ordering': ['date'],
            },
        ),
        migrations.CreateModel(
            name='CityPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True, verbose_name='名称')),
                ('value', models.CharField(max_length=2000, verbose_name='取值')),
            ],
            options={
                'verbose_name': '政策取值',
            },
        ),
        migrations.CreateModel(
            name='PlaceKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('community_code', models.CharField(max_length=24, unique=True, verbose_name='社区代码')),
                ('kind', models.CharField(choices=[('business', '商区'), ('gated', '高档商住小区'), ('open', '开放式小区'), ('building', '楼宇')], max_length=10, verbose_name='场所类型')),
            ],
            options={
                'verbose_name': '场所类型',
            },
        ),
        migrations.CreateModel(
            name='AnswerTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=8, verbose_name='对象')),
                ('result', models.CharField(choices=[('restored', '恢复'), ('persuaded', '劝离'), ('not_found', '现场未发现'), ('handed_over', '移交'), ('declined', '不予受理')], max_length=12, verbose_name='结果')),
                ('text', models.TextField(verbose_name='答复文字')),
            ],
            options={
                'verbose_name': '答复模板',
                'ordering': ['subject', 'result'],
                'constraints': [models.UniqueConstraint(fields=('subject', 'result'), name='answer_template_once')],
            },
        ),
        migrations.CreateModel(
            name='AreaGrade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since_date', models.DateField(verbose_name='起始日期')),
                ('until_date', models.DateField(blank=True, null=True, verbose_name='失效日期')),
                ('area_code', models.CharField(max_length=24, verbose_name='区划代码')),
                ('grade', models.CharField(max_length=40, verbose_name='等级')),
                ('factor', models.DecimalField(decimal_places=4, max_digits=6, verbose_name='时限系数')),
            ],
            options={
                'verbose_name': '区域等级',
                'constraints': [models.CheckConstraint(condition=models.Q(('until_date__isnull', True), ('until_date__gte', models.F('since_date')), _connector='OR'), name='catalog_areagrade_days_in_order'), models.CheckConstraint(condition=models.Q(('factor__gt', 0), ('factor__lte', 10)), name='area_grade_factor'), models.UniqueConstraint(condition=models.Q(('until_date__isnull', True)), fields=('area_code',), name='area_grade_once')],
            },
        ),
        migrations.CreateModel(
            name='CatalogStamp',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('version', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'verbose_name': '目录版本',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='catalog_stamp_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('component', '部件'), ('event', '事件')], max_length=10, verbose_name='类型')),
                ('edition', models.CharField(choices=[('gb30428', 'GB/T 30428.2'), ('cjt214', 'CJ/T 214-2007'), ('local', '地方扩展')], max_length=10, verbose_name='版本')),
                ('code', models.CharField(max_length=2, verbose_name='代码')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('name_en', models.CharField(blank=True, default='', max_length=160, verbose_name='英文名称')),
            ],
            options={
                'verbose_name': '大类',
                'ordering': ['edition', 'kind', 'code'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'kind', 'code'), name='category_code_once'), models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{2}$')), name='category_code_two_digits')],
            },
        ),
        migrations.CreateModel(
            name='ControlArea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='名称')),
                ('area_code', models.CharField(blank=True, max_length=24, verbose_name='区划代码')),
                ('keys', models.JSONField(default=list, verbose_name='适用小类')),
                ('from_date', models.DateField(verbose_name='开始日期')),
                ('to_date', models.DateField(null=True, verbose_name='结束日期')),
                ('sentence', models.CharField(max_length=200, verbose_name='告知')),
            ],
            options={
                'verbose_name': '管控区',
                'ordering': ['-from_date', 'name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('to_date__isnull', True), ('to_date__gte', models.F('from_date')), _connector='OR'), name='control_area_days_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Emergency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_number', models.CharField(max_length=40, unique=True, verbose_name='文号')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('area_code', models.CharField(blank=True, default='', max_length=24, verbose_name='区划代码')),
                ('from_at', models.DateTimeField(verbose_name='开始时间')),
                ('to_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('keys', models.JSONField(blank=True, default=list, verbose_name='适用小类')),
                ('lifted', models.BooleanField(default=False, verbose_name='已解除')),
            ],
            options={
                'verbose_name': '应急令',
                'indexes': [models.Index(fields=['from_at', 'to_at'], name='emergency_span')],
                'constraints': [models.CheckConstraint(condition=models.Q(('to_at__isnull', True), ('to_at__gte', models.F('from_at')), _connector='OR'), name='emergency_times_in_order')],
            },
        ),
        migrations.CreateModel(
            name='PeriodOverlay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='名称')),
                ('from_date', models.DateField(verbose_name='开始日期')),
                ('to_date', models.DateField(verbose_name='结束日期')),
                ('factor', models.DecimalField(decimal_places=4, max_digits=6, verbose_name='时限系数')),
                ('area_code', models.CharField(blank=True, default='', max_length=24, verbose_name='区划代码')),
                ('keys', models.JSONField(blank=True, default=list, verbose_name='适用小类')),
            ],
            options={
                'verbose_name': '时期叠加',
                'constraints': [models.CheckConstraint(condition=models.Q(('factor__gt', 0), ('factor__lte', 10)), name='period_overlay_factor'), models.CheckConstraint(condition=models.Q(('to_date__gte', models.F('from_date'))), name='period_overlay_days_in_order')],
            },
        ),
        migrations.CreateModel(
            name='SheetDraft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('criteria', '立案标准'), ('duties', '责任表'), ('places', '场所类型')], max_length=8, verbose_name='类型')),
                ('actor', models.CharField(max_length=64, verbose_name='上传人')),
                ('name', models.CharField(max_length=120, verbose_name='文件名')),
                ('data', models.BinaryField(verbose_name='内容')),
                ('uploaded_at', models.DateTimeField(verbose_name='上传时间')),
                ('applied_at', models.DateTimeField(null=True, verbose_name='执行时间')),
                ('edit_count', models.PositiveIntegerField(default=0, verbose_name='修改条数')),
            ],
            options={
                'verbose_name': '表格草稿',
                'indexes': [models.Index(fields=['actor', '-uploaded_at'], name='sheet_draft_of')],
            },
        ),
        migrations.CreateModel(
            name='StageLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=4, max_digits=9, verbose_name='时限')),
                ('unit', models.CharField(choices=[('urgent_hour', '紧急工作时'), ('urgent_day', '紧急工作日'), ('work_hour', '工作时'), ('work_day', '工作日'), ('calendar_day', '自然日')], max_length=12, verbose_name='时限单位')),
                ('stage', models.CharField(choices=[('reported', '受理'), ('confirming', '核实'), ('accepted', '立案'), ('filed', '派遣'), ('handled', '核查'), ('verified', '结案')], max_length=12, verbose_name='环节')),
                ('urgent', models.BooleanField(default=False, verbose_name='紧急')),
                ('window_kind', models.CharField(default='office', max_length=12, verbose_name='作息')),
            ],
            options={
                'verbose_name': '环节时限',
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('unit__in', ['urgent_hour', 'urgent_day', 'work_hour', 'work_day', 'calendar_day'])), name='catalog_stagelimit_limit_readable'), models.UniqueConstraint(fields=('stage', 'urgent'), name='stage_limit_once')],
            },
        ),
        migrations.CreateModel(
            name='Subcategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('component', '部件'), ('event', '事件')], max_length=10, verbose_name='类型')),
                ('edition', models.CharField(choices=[('gb30428', 'GB/T 30428.2'), ('cjt214', 'CJ/T 214-2007'), ('local', '地方扩展')], max_length=10, verbose_name='版本')),
                ('code', models.CharField(max_length=4, verbose_name='代码')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='subcategories', to='catalog.category')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('name_en', models.CharField(blank=True, default='', max_length=160, verbose_name='英文名称')),
                ('cjt214_code', models.CharField(blank=True, default='', max_length=4, verbose_name='CJ/T 214 代码')),
                ('status', models.CharField(choices=[('sourced', '有出处'), ('inferred_code', '代码系推断'), ('provisional_code', '代码系暂定'), ('local', '地方自定')], max_length=16, verbose_name='来历')),
                ('source', models.CharField(blank=True, default='', max_length=200, verbose_name='出处')),
                ('suggested', models.CharField(blank=True, default='', max_length=120, verbose_name='建议处置部门')),
                ('enabled', models.BooleanField(default=True, verbose_name='启用')),
            ],
            options={
                'verbose_name': '小类',
                'ordering': ['edition', 'kind', 'code'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'kind', 'code'), name='subcategory_code_once'), models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9]{4}$')), name='subcategory_code_four_digits')],
            },
        ),
        migrations.CreateModel(
            name='FilingCriterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since_date', models.DateField(verbose_name='起始日期')),
                ('until_date', models.DateField(blank=True, null=True, verbose_name='失效日期')),
                ('amount', models.DecimalField(decimal_places=4, max_digits=9, verbose_name='时限')),
                ('unit', models.CharField(choices=[('urgent_hour', '紧急工作时'), ('urgent_day', '紧急工作日'), ('work_hour', '工作时'), ('work_day', '工作日'), ('calendar_day', '自然日')], max_length=12, verbose_name='时限单位')),
                ('code', models.CharField(max_length=24, verbose_name='代码')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='版次')),
                ('subcategory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='catalog.subcategory')),
                ('condition', models.TextField(verbose_name='立案条件')),
                ('condition_en', models.TextField(blank=True, default='', verbose_name='立案条件（英文）')),
                ('grade', models.CharField(choices=[('slight', '轻微'), ('normal', '一般'), ('serious', '严重')], default='normal', max_length=8, verbose_name='程度')),
                ('urgent', models.BooleanField(default=False, verbose_name='紧急')),
                ('closing_condition', models.TextField(blank=True, default='', verbose_name='结案条件')),
                ('closing_needs', models.JSONField(blank=True, default=changxiao.catalog.models.criteria.before_and_after, verbose_name='结案材料')),
                ('capture_rule', models.TextField(blank=True, default='', verbose_name='采集要求')),
                ('stage_name', models.CharField(blank=True, default='', max_length=40, verbose_name='阶段')),
                ('is_first', models.BooleanField(default=True, verbose_name='首阶段')),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='catalog.filingcriterion', verbose_name='后续阶段')),
                ('source', models.CharField(blank=True, default='', max_length=200, verbose_name='出处')),
            ],
            options={
                'verbose_name': '立案标准',
                'ordering': ['code', 'version'],
                'indexes': [models.Index(fields=['subcategory', 'until_date'], name='criterion_current')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('unit__in', ['urgent_hour', 'urgent_day', 'work_hour', 'work_day', 'calendar_day'])), name='catalog_filingcriterion_limit_readable'), models.CheckConstraint(condition=models.Q(('until_date__isnull', True), ('until_date__gte', models.F('since_date')), _connector='OR'), name='catalog_filingcriterion_days_in_order'), models.UniqueConstraint(fields=('code', 'version'), name='criterion_version_once'), models.UniqueConstraint(condition=models.Q(('until_date__isnull', True)), fields=('code',), name='criterion_one_version_in_force'), models.CheckConstraint(condition=models.Q(('successor__isnull', True), models.Q(('successor', models.F('id')), _negated=True), _connector='OR'), name='criterion_not_its_own_successor')],
            },
        ),
        migrations.CreateModel(
            name='Responsibility',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since_date', models.DateField(verbose_name='起始日期')),
                ('until_date', models.DateField(blank=True, null=True, verbose_name='失效日期')),
                ('criterion', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='responsibilities', to='catalog.filingcriterion')),
                ('subcategory', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='responsibilities', to='catalog.subcategory')),
                ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='responsibilities', to='catalog.category')),
                ('area_code', models.CharField(blank=True, default='', max_length=24, verbose_name='区划代码')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responsibilities', to='orgs.unit')),
                ('section', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.contractsection')),
                ('priority', models.PositiveSmallIntegerField(default=0, verbose_name='次序')),
                ('origin', models.CharField(choices=[('table', '责任表'), ('ruling', '权属裁定')], default='table', max_length=8)),
                ('basis', models.CharField(blank=True, default='', max_length=200, verbose_name='依据')),
            ],
            options={
                'verbose_name': '责任',
                'indexes': [models.Index(fields=['subcategory', 'area_code'], name='responsibility_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(('until_date__isnull', True), ('until_date__gte', models.F('since_date')), _connector='OR'), name='catalog_responsibility_days_in_order'), models.CheckConstraint(condition=models.Q(('pk__in', []), models.Q(('category__isnull', True), ('criterion__isnull', False), ('subcategory__isnull', True)), models.Q(('category__isnull', True), ('criterion__isnull', True), ('subcategory__isnull', False)), models.Q(('category__isnull', False), ('criterion__isnull', True), ('subcategory__isnull', True)), _connector='OR'), name='responsibility_one_subject')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subcategory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='catalog.subcategory')),
                ('code', models.CharField(max_length=40, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9_]{0,39}$')], verbose_name='代码')),
                ('label', models.CharField(max_length=200, verbose_name='问题')),
                ('label_en', models.CharField(blank=True, default='', max_length=200, verbose_name='问题（英文）')),
                ('hint', models.CharField(blank=True, default='', max_length=200, verbose_name='怎么答')),
                ('datatype', models.CharField(choices=[('string', '一行文字'), ('number', '数'), ('datetime', '时间'), ('text', '多行文字'), ('singlevaluelist', '单选'), ('multivaluelist', '多选')], max_length=16, verbose_name='回答类型')),
                ('required', models.BooleanField(default=False, verbose_name='必答')),
                ('order', models.PositiveSmallIntegerField(default=1, verbose_name='次序')),
                ('choices', models.JSONField(default=list, verbose_name='选项')),
            ],
            options={
                'verbose_name': '附加问题',
                'ordering': ['subcategory_id', 'order', 'id'],
                'constraints': [models.UniqueConstraint(fields=('subcategory', 'code'), name='question_code_once')],
            },
        ),
        migrations.CreateModel(
            name='PublicRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='public_rule', to='catalog.category')),
                ('subcategory', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='public_rule', to='catalog.subcategory')),
                ('view', models.CharField(choices=[('none', '不公开'), ('closed', '办结后公开'), ('live', '办理中就公开')], max_length=8, verbose_name='何时公开')),
                ('place', models.CharField(choices=[('exact', '准确位置'), ('coarse', '大致位置（约250米）'), ('hidden', '不上地图')], max_length=8, verbose_name='公开位置')),
                ('photos', models.CharField(choices=[('none', '不公开照片'), ('looked', '由人看过后公开'), ('sure', '检测有把握的自动公开')], default='looked', max_length=8, verbose_name='公开照片')),
            ],
            options={
                'verbose_name': '公开规则',
                'constraints': [models.CheckConstraint(condition=models.Q(('category__isnull', True), ('subcategory__isnull', True), _connector='OR'), name='public_rule_one_subject'), models.UniqueConstraint(models.Value(1), condition=models.Q(('category__isnull', True), ('subcategory__isnull', True)), name='public_rule_one_city'), models.CheckConstraint(condition=models.Q(models.Q(('photos', 'sure'), _negated=True), ('category__isnull', False), ('subcategory__isnull', False), _connector='OR'), name='public_rule_sure_is_named')],
            },
        ),
        migrations.CreateModel(
            name='ConfirmRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=12, verbose_name='来源')),
                ('subcategory', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='confirm_rules', to='catalog.subcategory')),
                ('needed', models.BooleanField(verbose_name='须核实')),
            ],
            options={
                'verbose_name': '核实规则',
                'constraints': [models.UniqueConstraint(fields=('channel', 'subcategory'), name='confirm_rule_once'), models.UniqueConstraint(condition=models.Q(('subcategory__isnull', True)), fields=('channel',), name='confirm_rule_one_default')],
            },
        ),
        migrations.CreateModel(
            name='WorkWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('window_kind', models.CharField(max_length=12, verbose_name='作息')),
                ('weekdays', models.PositiveSmallIntegerField(default=31, verbose_name='星期')),
                ('season_from', models.CharField(default='01-01', max_length=5, verbose_name='季节起')),
                ('season_to', models.CharField(default='12-31', max_length=5, verbose_name='季节止')),
                ('start', models.TimeField(verbose_name='开始')),
                ('end', models.TimeField(verbose_name='结束')),
                ('holidays', models.BooleanField(default=False, verbose_name='节假日照常')),
            ],
            options={
                'verbose_name': '工作时段',
                'ordering': ['window_kind', 'season_from', 'start'],
                'constraints': [models.UniqueConstraint(fields=('window_kind', 'weekdays', 'season_from', 'start'), name='work_window_once'), models.CheckConstraint(condition=models.Q(('weekdays__gte', 1), ('weekdays__lte', 127)), name='work_window_week'), models.CheckConstraint(condition=models.Q(('season_from__regex', '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'), ('season_to__regex', '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$')), name='work_window_season')],
            },
        ),
    ]
